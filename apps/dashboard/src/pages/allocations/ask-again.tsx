import { hasToken, send } from '../../api.js';
import { Copy } from '../../parts/copy.js';
import { Json } from '../../parts/json.js';
import { useState } from 'preact/hooks';
import { Failure } from '../../parts/failure.js';
import type { AllocationStory } from '../../types.js';
import { wordsOf } from '../../use-answer.js';

interface AskAgainProps {
  readonly id: string;
  readonly region: string;
  readonly asked?: AllocationStory['asked'];
}

/** The same request, here or as a command: with its id, it is answered as it was before. */
export function AskAgain({ id, region, asked = {} }: AskAgainProps) {
  const [answer, setAnswer] = useState<object | null>(null);
  const [failure, setFailure] = useState('');
  const { leftOut: _, ...wanted } = asked;
  const request = { region, allocationId: id, ...wanted };
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

function snippetsOf(request: { readonly region: string }) {
  const body = JSON.stringify(request);
  const token = hasToken() ? ' -H "authorization: Bearer $BERTH_TOKEN"' : '';
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`;
  return {
    curl: `curl -X POST ${location.origin}/v1/allocations${token} -H 'content-type: application/json' -d ${quoted}`,
    nats: `nats request allocate.${request.region} ${quoted}`,
    TypeScript: `await berth.allocate(${body});`,
  };
}
