import { useState } from 'preact/hooks';
import { send } from '../../api.js';
import { textOf } from '../../form.js';
import { regions } from '../../live.js';
import { wordsOf } from '../../use-answer.js';
import { Steps, type Asked } from './steps.js';

/** Asks for a server, and shows each step as it happens. */
export function TryItPage() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const id = crypto.randomUUID();
    setAsked({ id, answer: null, failure: '' });
    ask(id, textOf(event, 'region'), textOf(event, 'payload')).then(
      (answer) => setAsked({ id, answer, failure: '' }),
      (error: unknown) => setAsked({ id, answer: null, failure: wordsOf(error) }),
    );
  };
  return (
    <>
      <h1>Try it</h1>
      <form class="panel" onSubmit={submit}>
        <label>
          Region <input name="region" defaultValue={regions.value[0] ?? 'local'} required />
        </label>
        <label class="wide">
          Payload for the game
          <textarea name="payload" rows={3} defaultValue={'{"map": "harbour"}'} />
        </label>
        <button>Ask for a server</button>
      </form>
      {asked && <Steps key={asked.id} asked={asked} />}
    </>
  );
}

async function ask(allocationId: string, region: string, text: string): Promise<object> {
  const payload = parsed(text);
  return await send<object>('POST', '/v1/allocations', { region, allocationId, payload });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error('the payload is not JSON', { cause: error });
  }
}
