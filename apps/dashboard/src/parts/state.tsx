/** The name of a state, in its colour. */
export function State({ name }: { readonly name: string }) {
  return <span class={`state ${name}`}>{name}</span>;
}
