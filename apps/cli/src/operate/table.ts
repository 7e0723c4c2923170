import { printable } from '#kernel';

/** Least width of a column in characters, even if the screen is narrower. */
const COLUMN_MIN = 8;

const GAP = '  ';

/**
 * Rows under their headings, each column as wide as its widest cell. If the screen is narrower,
 * empty columns are left out and the widest columns are wrapped; nothing is cut off.
 *
 * @param screen width in characters; Infinity if a program reads the output
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  screen = process.stdout.columns || Infinity,
): string {
  const all = [
    headings.map((heading) => heading.toUpperCase()),
    ...rows.map((row) => row.map(printable)),
  ];
  const natural = widthsOf(all);
  if (widthOf(natural) <= screen) return linesOf(all, natural);
  const kept = headings.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const told = all.map((row) => row.filter((_, column) => kept[column]));
  return linesOf(told, fitted(widthsOf(told), screen));
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const columns = rows[0] ?? [];
  return columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}

function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

/**
 * Makes the widest column narrower, by one character at a time, until all columns fit or have
 * reached `COLUMN_MIN`.
 */
function fitted(widths: readonly number[], screen: number): readonly number[] {
  const narrow = [...widths];
  while (widthOf(narrow) > screen) {
    const widest = Math.max(...narrow);
    if (widest <= COLUMN_MIN) break;
    narrow[narrow.lastIndexOf(widest)] = widest - 1;
  }
  return narrow;
}

function linesOf(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  return rows
    .flatMap((row) => {
      const cells = widths.map((width, column) => wrapped(row[column] ?? '', width));
      const height = Math.max(...cells.map(({ length }) => length));
      return Array.from({ length: height }, (_, line) =>
        widths.map((width, column) => (cells[column]?.[line] ?? '').padEnd(width)).join(GAP),
      );
    })
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Breaks after a space, dot, dash or comma if there is one, so that ids stay readable. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const fits = rest.slice(0, width);
    const at = Math.max(...[' ', '.', '-', ','].map((mark) => fits.lastIndexOf(mark))) + 1;
    const cut = at > width / 2 ? at : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
