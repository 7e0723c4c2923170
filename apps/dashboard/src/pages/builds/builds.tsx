import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { Table } from '../../parts/table.js';
import type { Build, BuildSummary, Configuration, ConfigurationSummary } from '../../types.js';
import { useAnswer } from '../../use-answer.js';

const MIB = 1024 * 1024;

/** Builds, and how they are run: their versions, and how many slots run them. */
export function BuildsPage() {
  const builds = useAnswer<{ builds: readonly BuildSummary[] }>('/v1/builds', slots.value);
  const configurations = useAnswer<{ buildConfigurations: readonly ConfigurationSummary[] }>(
    '/v1/build-configurations',
    slots.value,
  );
  const failure = builds.failure || configurations.failure;
  return (
    <>
      <h1>Builds</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      <Table
        title="Builds"
        columns={['Build', 'Latest', 'Versions', 'Files', 'Size']}
        items={builds.answer?.builds ?? []}
        keyOf={({ id }) => id}
        cells={({ id, version, versions, files, bytes }) => [
          <a href={linkTo('builds', id)}>{id}</a>,
          version,
          versions,
          files,
          `${(bytes / MIB).toFixed(1)} MiB`,
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
        columns={['Build configuration', 'Version', 'Build', 'Runs', 'Slots']}
        items={configurations.answer?.buildConfigurations ?? []}
        keyOf={({ id }) => id}
        cells={({ id, version, build, executable }) => [
          <a href={linkTo('configurations', id)}>{id}</a>,
          version,
          build === null ? 'none' : `${build.name}, version ${build.version}`,
          executable,
          runningOn(id),
        ]}
      />
    </>
  );
}

/** Number of slots with a process that runs the build configuration `region.name`. */
function runningOn(id: string): number {
  return [...slots.value.values()].filter(
    ({ region, buildConfiguration, process }) =>
      process !== null && `${region}.${buildConfiguration}` === id,
  ).length;
}

/** One build: every version that is kept. */
export function BuildPage({ id }: { readonly id: string }) {
  const { answer, failure } = useAnswer<Build>(`/v1/builds/${encodeURIComponent(id)}`);
  return (
    <>
      <h1>{id}</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      <Table
        title="Versions"
        columns={['Version', 'Pushed', 'Files', 'Size', 'Manifest']}
        items={answer?.versions.toReversed() ?? []}
        keyOf={({ version }) => String(version)}
        cells={({ version, at, files, bytes, manifest }) => [
          version,
          new Date(at).toLocaleString(),
          files,
          `${(bytes / MIB).toFixed(1)} MiB`,
          <code>{manifest.slice(0, 12)}</code>,
        ]}
      />
    </>
  );
}

/** One build configuration, as it is set. */
export function ConfigurationPage({ id }: { readonly id: string }) {
  const path = `/v1/build-configurations/${encodeURIComponent(id)}`;
  const { answer, failure } = useAnswer<Configuration>(path);
  return (
    <>
      <h1>{id}</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      {answer !== null && (
        <>
          <p>
            Version {answer.version}; {runningOn(id)} slots run it.
          </p>
          <pre tabIndex={0}>{JSON.stringify(answer.configuration, null, 2)}</pre>
        </>
      )}
    </>
  );
}
