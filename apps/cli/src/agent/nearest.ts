/** A name that differs in more than this many edits is not suggested. */
const EDITS_MAX = 4;

/** A suggestion such as ` (did you mean slots?)`; empty if no name is near enough. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const [best] = names
    .map((name) => ({ name, edits: editsBetween(typed, name) }))
    .sort((one, other) => one.edits - other.edits);
  return best !== undefined && best.edits <= EDITS_MAX ? ` (did you mean ${best.name}?)` : '';
}

/** Levenshtein distance: how many letters must be added, removed or changed. */
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
