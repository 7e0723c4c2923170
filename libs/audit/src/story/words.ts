/** What is said, separated by commas. */
export function words(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

/** `1 crash`, `2 crashes`. */
export function counted(count: number, what: string): string {
  const plural = what.endsWith('h') ? `${what}es` : `${what}s`;
  return `${count} ${count === 1 ? what : plural}`;
}
