/** Names further off than this many edits are not meant. */
const EDITS_MAX = 4;

/** The name that was meant, in brackets and as a question; empty where none comes near. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const [best] = names
    .map((name) => ({ name, edits: editsBetween(typed, name) }))
    .sort((one, other) => one.edits - other.edits);
  return best !== undefined && best.edits <= EDITS_MAX ? ` (did you mean ${best.name}?)` : '';
}

/** How many letters must be added, taken away or changed: the distance of Levenshtein. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...one].entries()) {
    const next = [above + 1];
    for (const [left, its] of [...other].entries()) {
      const changed = (row[left] ?? 0) + (letter === its ? 0 : 1);
      next.push(Math.min(changed, (row[left + 1] ?? 0) + 1, (next[left] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
