/** What is said, separated by commas. */
export function words(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
