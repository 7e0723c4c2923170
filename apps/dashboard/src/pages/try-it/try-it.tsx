import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { events, slots } from '../../live.js';
import { linkTo } from '../../route.js';
import { wordsOf } from '../../use-answer.js';
import { sentenceOf, timeOf, instantOf } from '../../words.js';

interface Asked {
  readonly id: string;
  readonly answer: object | null;
  readonly failure: string;
}

/** Asks for a server, and shows each step as it happens. */
export function TryItPage() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const region = slots.value.values().next().value?.region ?? 'local';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const id = crypto.randomUUID();
    setAsked({ id, answer: null, failure: '' });
    try {
      const payload: unknown = JSON.parse(textOf(event, 'payload'));
      const body = { region: textOf(event, 'region'), allocationId: id, payload };
      send<object>('POST', '/v1/allocations', body).then(
        (answer) => setAsked({ id, answer, failure: '' }),
        (error: unknown) => {
          setAsked({
            id,
            answer: null,
            failure: wordsOf(error),
          });
        },
      );
    } catch {
      setAsked({ id, answer: null, failure: 'the payload is not JSON' });
    }
  };
  return (
    <>
      <h1>Try it</h1>
      <form class="panel" onSubmit={submit}>
        <label>
          Region <input name="region" value={region} required />
        </label>
        <label>
          Payload for the game <textarea name="payload" rows={3} value={'{"map": "harbour"}'} />
        </label>
        <button>Ask for a server</button>
      </form>
      {asked && <Steps asked={asked} />}
    </>
  );
}

function Steps({ asked: { id, answer, failure } }: { readonly asked: Asked }) {
  const claim = events.value.find((event) => 'data' in event && event.data['allocationId'] === id);
  const steps = claim
    ? events.value.filter(({ slot, sequence }) => slot === claim.slot && sequence >= claim.sequence)
    : [];
  return (
    <>
      <h2>
        <a href={linkTo('allocations', id)}>{id}</a>
      </h2>
      <ol class="events">
        {steps.toReversed().map((event) => (
          <li key={event.sequence}>
            <time>{timeOf(instantOf(event))}</time> {sentenceOf(event.type)}
          </li>
        ))}
      </ol>
      {failure !== '' && <p role="alert">{failure}</p>}
      {answer && <pre tabIndex={0}>{JSON.stringify(answer, null, 2)}</pre>}
    </>
  );
}
