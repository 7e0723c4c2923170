/** Why a question to the API failed; nothing if it did not. */
export function Failure({ text }: { readonly text: string }) {
  return text === '' ? null : (
    <p class="failure" role="alert">
      {text}
    </p>
  );
}
