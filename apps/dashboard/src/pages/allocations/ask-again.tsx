import { send } from '../../api.js';
import { Copy } from '../../parts/copy.js';
import { Json } from '../../parts/json.js';
import { useState } from 'preact/hooks';
import { Failure } from '../../parts/failure.js';
import type { AllocationStory } from '../../types.js';
import { wordsOf } from '../../use-answer.js';
import { snippetsOf } from './snippets.js';

interface AskAgainProps {
  readonly id: string;
  readonly region: string;
  readonly asked?: AllocationStory['asked'];
  /** As the API shows it; null where it is not kept. */
  readonly payload: unknown;
}

/** Stand for a payload that the reader may not see, or that nobody decrypts now. */
const HIDDEN: readonly unknown[] = ['[redacted]', '[encrypted]'];

/** The same request, here or as a command: with its id, it is answered as it was before. */
export function AskAgain({ id, region, asked = {}, payload }: AskAgainProps) {
  const [answer, setAnswer] = useState<object | null>(null);
  const [failure, setFailure] = useState('');
  const { leftOut, ...wanted } = asked;
  const isKnown = payload !== null && !HIDDEN.includes(payload);
  const request = { region, allocationId: id, ...wanted, ...(isKnown && { payload }) };
  const ask = () => {
    setFailure('');
    send<object>('POST', '/v1/allocations', request).then(setAnswer, (error: unknown) =>
      setFailure(wordsOf(error)),
    );
  };
  return (
    <details>
      <summary>Ask for it again</summary>
      <p>
        <button onClick={ask}>Ask again</button>
      </p>
      {!isKnown && <p>Without a payload: none is known here. Add it if the game needs it.</p>}
      {leftOut !== undefined && <p>{leftOut} further fleets and attributes were not kept.</p>}
      <Failure text={failure} />
      {answer !== null && <Json value={answer} />}
      {Object.entries(snippetsOf(request)).map(([name, text]) => (
        <>
          <h2>
            {name} <Copy text={text} />
          </h2>
          <pre tabIndex={0}>{text}</pre>
        </>
      ))}
    </details>
  );
}
