import { tellChoice } from '#audit';
import { useState } from 'preact/hooks';
import { Failure } from '../../parts/failure.js';
import type { Choice } from '../../types.js';
import { useAnswer } from '../../use-answer.js';

/** The ranking computed anew from the history, once somebody wants it: it takes a while. */
export function Choices({ path }: { readonly path: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Compute from the history why it got its slot</summary>
      {isOpen && <Computed path={path} />}
    </details>
  );
}

function Computed({ path }: { readonly path: string }) {
  const { answer, failure } = useAnswer<{ choices: readonly Choice[] }>(`${path}/why`);
  return (
    <>
      {answer === null && failure === '' && <p role="status">Reading the history…</p>}
      <Failure text={failure} />
      {answer?.choices.map((choice) => (
        <dl key={choice.sequence}>
          {tellChoice(choice)
            .filter(([, says]) => says !== '')
            .flatMap(([word, says]) => [<dt>{word}</dt>, <dd>{says}</dd>])}
        </dl>
      ))}
    </>
  );
}
