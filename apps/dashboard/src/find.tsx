import { get } from './api.js';
import { textOf } from './form.js';
import { places } from './places.js';
import { linkTo } from './route.js';

/** The box that finds any id. */
export function Find() {
  return (
    <form role="search" onSubmit={find}>
      <input
        name="id"
        type="search"
        aria-label="Find a slot, machine, fleet, build, configuration or allocation by its id"
        placeholder="find an id"
      />
    </form>
  );
}

function find(event: SubmitEvent): void {
  event.preventDefault();
  const id = textOf(event, 'id').trim();
  if (id === '') return;
  void pageOf(id).then((page) => (location.hash = linkTo(page, id)));
}

/** The page on which an id is shown; what nothing else is may be an allocation, even an old one. */
async function pageOf(id: string): Promise<string> {
  const known = places.value.get(id);
  if (known !== undefined) return known;
  const isThere = async (path: string) =>
    await get(`/v1/${path}/${encodeURIComponent(id)}`).then(
      () => true,
      () => false,
    );
  if (!/^[\w-]+\.[\w-]+$/.test(id)) return 'allocations';
  if (await isThere('build-configurations')) return 'configurations';
  return (await isThere('builds')) ? 'builds' : 'allocations';
}
