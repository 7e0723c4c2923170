/** A name that is a key is shown by its first characters. */
const SHOWN_MAX = 20;
const SHOWN = 8;

/** The name of a nats-server; one without a name is named by its key, which is long. */
export function ServerName({ name }: { readonly name: string }) {
  if (name.length <= SHOWN_MAX) return <>{name}</>;
  return <span title={name}>{name.slice(0, SHOWN)}…</span>;
}
