import { Count } from '../../parts/count.js';
import { ReasonForm, type Why } from '../../parts/reason-form.js';
import { linkTo } from '../../route.js';
import type { ConfigurationSummary } from '../../types.js';
import { useAnswer } from '../../use-answer.js';
import type { FleetFormProps } from './fleet-form.js';

/** Sets what the free slots of a fleet run; an earlier build configuration rolls back. */
export function ConfigurationForm({ fleet, change }: FleetFormProps) {
  const region = fleet.id.slice(0, fleet.id.indexOf('.'));
  const { answer } = useAnswer<{ buildConfigurations: readonly ConfigurationSummary[] }>(
    `/v1/build-configurations?region=${region}&limit=1000`,
  );
  const submit = (why: Why, field: (name: string) => string) => {
    const name = field('configuration').trim();
    change('PUT', '/build-configuration', {
      buildConfiguration: name === '' ? null : name,
      atATime: Number(field('at-a-time')),
      ...why,
    });
  };
  return (
    <>
      <h2>What its free slots run</h2>
      <ReasonForm buttons={<button>Roll it out</button>} submit={submit}>
        <label>
          Build configuration{' '}
          <input
            name="configuration"
            list="configurations"
            defaultValue={fleet.buildConfiguration ?? ''}
          />
        </label>
        <datalist id="configurations">
          {answer?.buildConfigurations.map(({ id, version }) => (
            <option value={id.slice(region.length + 1)}>version {version}</option>
          ))}
        </datalist>
        <Count name="at-a-time" title="Slots at a time" value={fleet.atATime} min={1} />
      </ReasonForm>
      <p>
        An earlier build configuration rolls back. Empty: each agent runs what it is set to.{' '}
        <a href={linkTo('builds')}>Builds and build configurations</a>
      </p>
    </>
  );
}
