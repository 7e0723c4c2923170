import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { Table } from '../../parts/table.js';
import type { Fleet } from '../../types.js';
import { useAnswer, wordsOf } from '../../use-answer.js';
import { timeOf } from '../../words.js';
import { rolloutOf, sizeOf } from './words.js';

/** One fleet: its size and what it runs, both to be changed here, and its slots that fail. */
export function FleetPage({ id }: { readonly id: string }) {
  const [said, setSaid] = useState('');
  const path = `/v1/fleets/${encodeURIComponent(id)}`;
  const { answer: fleet, failure } = useAnswer<Fleet>(path, slots.value, said);
  if (fleet === null) return <Missing id={id} failure={failure} />;
  const change = (under: string, body: object) => {
    // The fleet changes only if nobody else has changed it since it was shown here.
    const headers = { 'if-match': `"${fleet.revision}"` };
    send<Fleet>('PUT', `${path}${under}`, { ...body, by: 'dashboard' }, headers).then(
      ({ revision }) => setSaid(`changed: revision ${revision}`),
      (error: unknown) => setSaid(wordsOf(error)),
    );
  };
  const shown = id.slice(id.indexOf('.') + 1);
  return (
    <>
      <h1>{id}</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
      <dl>
        <dt>Slots</dt>
        <dd>
          <a href={`#/slots?q=${encodeURIComponent(shown)}`}>
            {fleet.allocated} allocated, {fleet.warm} warm, {fleet.cold} cold
          </a>
        </dd>
        <dt>Size</dt>
        <dd>{sizeOf(fleet)}</dd>
        <dt>Runs</dt>
        <dd>{fleet.buildConfiguration ?? 'as its agents are set'}</dd>
        {fleet.rollout && (
          <>
            <dt>Rollout</dt>
            <dd>{rolloutOf(fleet)}</dd>
          </>
        )}
      </dl>
      <SizeForm fleet={fleet} change={(body) => change('', body)} />
      <ConfigurationForm fleet={fleet} change={(body) => change('/build-configuration', body)} />
      <output>{said}</output>
      <Failing fleet={fleet} />
    </>
  );
}

function Missing({ id, failure }: { readonly id: string; readonly failure: string }) {
  return (
    <>
      <h1>{id}</h1>
      {failure !== '' && <p role="alert">{failure}</p>}
    </>
  );
}

interface FormProps {
  readonly fleet: Fleet;
  readonly change: (body: object) => void;
}

function SizeForm({ fleet: { size }, change }: FormProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const count = (name: string) => Number(textOf(event, name));
    const counts = { minAvailable: count('min'), max: count('max'), buffer: count('buffer') };
    change({ ...counts, reason: textOf(event, 'reason') });
  };
  return (
    <>
      <h2>Size</h2>
      <form class="panel" onSubmit={submit}>
        <Count name="min" title="Warm at least" value={size?.minAvailable ?? 0} />
        <Count name="buffer" title="Warm ahead of demand" value={size?.buffer ?? 0} />
        <Count name="max" title="Sessions and warm slots at most" value={size?.max ?? 0} />
        <Reason />
        <button>Set the size</button>
      </form>
    </>
  );
}

function ConfigurationForm({ fleet, change }: FormProps) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const name = textOf(event, 'configuration').trim();
    const atATime = Number(textOf(event, 'at-a-time'));
    const buildConfiguration = name === '' ? null : name;
    change({ buildConfiguration, atATime, reason: textOf(event, 'reason') });
  };
  return (
    <>
      <h2>What its free slots run</h2>
      <form class="panel" onSubmit={submit}>
        <label>
          Build configuration{' '}
          <input name="configuration" defaultValue={fleet.buildConfiguration ?? ''} />
        </label>
        <Count name="at-a-time" title="Slots at a time" value={fleet.atATime} />
        <Reason />
        <button>Roll it out</button>
      </form>
      <p>
        An earlier build configuration rolls back. Empty: each agent runs what it is set to.{' '}
        <a href={linkTo('builds')}>Builds and build configurations</a>
      </p>
    </>
  );
}

function Failing({ fleet: { failing } }: { readonly fleet: Fleet }) {
  if (failing.length === 0) return null;
  return (
    <>
      <h2>Slots that fail</h2>
      <Table
        title="Slots that fail"
        columns={['Slot', 'Why', 'Failed starts', 'Last', 'Offered again']}
        items={failing}
        keyOf={({ slot }) => slot}
        cells={({ slot, reason, failedStarts, at, offeredAgainAt }) => [
          <a href={linkTo('slots', slot)}>{slot}</a>,
          reason,
          failedStarts,
          timeOf(at),
          offeredAgainAt === null ? 'now, after all others' : timeOf(offeredAgainAt),
        ]}
      />
    </>
  );
}

interface CountProps {
  readonly name: string;
  readonly title: string;
  readonly value: number;
}

function Count({ name, title, value }: CountProps) {
  return (
    <label>
      {title} <input name={name} type="number" min={0} required defaultValue={String(value)} />
    </label>
  );
}

function Reason() {
  return (
    <label>
      Reason <input name="reason" required maxLength={200} />
    </label>
  );
}
