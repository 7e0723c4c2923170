import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { Reason } from '../../parts/reason.js';
import { useAction } from '../../parts/use-action.js';

/** Ends a session, with a reason that is kept. */
export function Release({ id }: { readonly id: string }) {
  const { said, act } = useAction();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    act(release(id, textOf(event, 'reason')));
  };
  return (
    <form class="panel" onSubmit={submit}>
      <Reason />
      <button>Release</button>
      <output>{said}</output>
    </form>
  );
}

/** Resolves with what came of it, in a word. */
export async function release(id: string, reason: string): Promise<string> {
  const query = new URLSearchParams({ reason }).toString();
  await send('DELETE', `/v1/allocations/${encodeURIComponent(id)}?${query}`);
  return 'released';
}
