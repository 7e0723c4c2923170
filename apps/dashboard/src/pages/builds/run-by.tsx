import { Table } from '../../parts/table.js';
import { linkTo } from '../../route.js';
import type { ConfigurationSummary } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import { runningOn } from './running-on.js';

/** The build configurations that run a build, and how many slots run these. */
export function RunBy({ build }: { readonly build: string }) {
  const [region = '', name] = build.split('.');
  const { answer } = useAnswer<{ buildConfigurations: readonly ConfigurationSummary[] }>(
    `/v1/build-configurations?region=${region}&limit=1000`,
  );
  const own = (answer?.buildConfigurations ?? []).filter((one) => one.build?.name === name);
  if (own.length === 0) return <p>No build configuration runs it.</p>;
  return (
    <>
      <h2>Run by</h2>
      <Table
        title="Build configurations that run it"
        columns={['Build configuration', 'Version of the build', 'Slots']}
        items={own}
        keyOf={({ id }) => id}
        cells={({ id, build: runs }) => [
          <a href={linkTo('configurations', id)}>{id}</a>,
          runs?.version,
          runningOn(id),
        ]}
      />
    </>
  );
}
