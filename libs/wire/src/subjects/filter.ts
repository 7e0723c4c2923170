/**
 * Whether a NATS subject matches a filter: `*` matches one token, a final `>` one or more. The subject
 * may be a filter, too: then whether this one matches all that the other does.
 */
export function matches(filter: string, subject: string): boolean {
  if (filter === subject) return true;
  const wanted = filter.split('.');
  const tokens = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return tokens.length > index;
    if (index >= tokens.length) return false;
    const isAny = token === '*' && tokens[index] !== '>';
    if (!isAny && token !== tokens[index]) return false;
  }
  return tokens.length === wanted.length;
}
