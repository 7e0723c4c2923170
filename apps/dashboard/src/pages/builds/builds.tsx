import { textOf } from '../../form.js';
import { slots } from '../../live.js';
import { Changed } from '../../parts/changed.js';
import { Failure } from '../../parts/failure.js';
import { chosenRegion } from '../../parts/region.js';
import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { BuildSummary, ConfigurationSummary } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { bytesOf } from '../../words.js';
import { runningOn } from './running-on.js';

/** Builds, and how they are run: their versions, and how many slots run them. */
export function BuildsPage() {
  const builds = useAnswer<{ builds: readonly BuildSummary[] }>(
    '/v1/builds?limit=1000',
    slots.value,
  );
  const configurations = useAnswer<{ buildConfigurations: readonly ConfigurationSummary[] }>(
    '/v1/build-configurations?limit=1000',
    slots.value,
  );
  return (
    <>
      <h1>Builds</h1>
      <Failure text={builds.failure || configurations.failure} />
      <Table
        title="Builds"
        columns={['Build', 'Latest', 'Versions', 'Files', 'Size', 'Last change']}
        items={builds.answer?.builds ?? []}
        keyOf={({ id }) => id}
        cells={({ id, version, versions, files, bytes, lastChange }) => [
          <a href={linkTo('builds', id)}>{id}</a>,
          version,
          versions,
          files,
          bytesOf(bytes),
          lastChange && <Changed change={lastChange} />,
        ]}
      />
      {builds.answer?.builds.length === 0 && (
        <p>
          None yet: <code>berth builds push</code> stores one.
        </p>
      )}
      <h2>Build configurations</h2>
      <Table
        title="Build configurations"
        columns={['Build configuration', 'Version', 'Build', 'Runs', 'Slots', 'Last change']}
        items={configurations.answer?.buildConfigurations ?? []}
        keyOf={({ id }) => id}
        cells={({ id, version, build, executable, lastChange }) => [
          <a href={linkTo('configurations', id)}>{id}</a>,
          version,
          build === null ? 'none' : `${build.name}, version ${build.version}`,
          executable,
          runningOn(id),
          lastChange && <Changed change={lastChange} />,
        ]}
      />
      <form class="panel" onSubmit={another}>
        <label>
          Region <input name="region" defaultValue={chosenRegion()} required />
        </label>
        <label>
          Name <input name="name" required />
        </label>
        <button>Set another build configuration</button>
      </form>
    </>
  );
}

/** Leads to its page, on which it is set. */
function another(event: SubmitEvent): void {
  event.preventDefault();
  const id = `${textOf(event, 'region').trim()}.${textOf(event, 'name').trim()}`;
  location.hash = linkTo('configurations', id);
}
