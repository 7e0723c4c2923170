import { useState } from 'preact/hooks';
import { Failure } from '../../parts/failure.js';
import { useTick } from '../../parts/use-tick.js';
import { useAnswer } from '../../use-answer.js';

/** How often it is read again (ms). */
const LOOK_MS = 2_000;

/** What the slot's games have written, once somebody wants it. */
export function Output({ id }: { readonly id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>What its games write</summary>
      {isOpen && <Lines id={id} />}
    </details>
  );
}

function Lines({ id }: { readonly id: string }) {
  const path = `/v1/slots/${encodeURIComponent(id)}/output?lines=200`;
  const { answer, failure } = useAnswer<{ readonly text: string }>(path, useTick(LOOK_MS));
  return (
    <>
      <Failure text={failure} />
      {answer !== null && <pre tabIndex={0}>{answer.text || 'nothing yet'}</pre>}
    </>
  );
}
