/** Anything as JSON; markup in it stays text. */
export function Json({ value }: { readonly value: unknown }) {
  return <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>;
}
