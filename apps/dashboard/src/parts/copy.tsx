import { useState } from 'preact/hooks';

/** How long (ms) the button says that it has copied. */
const SAID_MS = 2_000;

/** Copies a text to the clipboard; without the right to, people mark the text themselves. */
export function Copy({ text }: { readonly text: string }) {
  const [said, setSaid] = useState('Copy');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('The browser does not allow that');
    }
    setTimeout(() => setSaid('Copy'), SAID_MS);
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {said}
    </button>
  );
}
