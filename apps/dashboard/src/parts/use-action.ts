import { useState } from 'preact/hooks';
import { wordsOf } from '../use-answer.js';

/** What came of the last action of a form, in words; `act` does one. */
export function useAction() {
  const [said, setSaid] = useState('');
  const act = (doing: Promise<string>) => {
    void doing.then(setSaid, (error: unknown) => setSaid(wordsOf(error)));
  };
  return { said, setSaid, act };
}
