import { printable } from '#kernel';

/** Least width of a column in characters, even if the screen is narrower and words are broken. */
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
  const capitals = headings.map((heading) => heading.toUpperCase());
  return fittedRows([capitals, ...rows.map((row) => row.map(printable))], screen);
}

/** What is said of one thing, each under its name, below the thing's id, which stays as it is. */
export function factsOf(
  id: string,
  facts: readonly (readonly [name: string, says: string])[],
  screen = process.stdout.columns || Infinity,
): string {
  const rows = facts.map((fact) => fact.map(printable));
  return `${printable(id)}\n${fittedRows(rows, screen)}`;
}

function fittedRows(all: readonly (readonly string[])[], screen: number): string {
  const natural = widthsOf(all);
  if (widthOf(natural) <= screen) return linesOf(all, natural);
  const [first = [], ...rows] = all;
  const kept = first.map((_, column) => rows.some((row) => (row[column] ?? '') !== ''));
  const told = all.map((row) => row.filter((_, column) => kept[column]));
  const parts = widthsOf(told.map((row) => row.map(longestPart)));
  const unbroken = fitted(widthsOf(told), parts, screen);
  const least = unbroken.map(() => COLUMN_MIN);
  return linesOf(told, fitted(unbroken, least, screen));
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  const columns = rows[0] ?? [];
  return columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}

function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

/**
 * Makes the widest column narrower, by one character at a time, until all columns fit or are as narrow
 * as they may be.
 */
function fitted(
  widths: readonly number[],
  least: readonly number[],
  screen: number,
): readonly number[] {
  const narrow = [...widths];
  const mayShrink = (column: number) => (narrow[column] ?? 0) > (least[column] ?? 0);
  while (widthOf(narrow) > screen) {
    const widest = Math.max(...narrow.filter((_, column) => mayShrink(column)));
    const column = narrow.findLastIndex((width, at) => width === widest && mayShrink(at));
    if (column < 0) break;
    narrow[column] = widest - 1;
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

/** A text is broken behind these signs, but not within a number; and an instant before its time. */
const PART = /[^]*?(?:[ ,/]|(?<!\d)[.-]|[.-](?!\d)|(?<=\d)T(?=\d)|$)/g;

function longestPart(text: string): string {
  return (text.match(PART) ?? []).reduce((one, other) => {
    return other.trimEnd().length > one.length ? other.trimEnd() : one;
  }, '');
}

/** A line is broken within a part rather than filled less; the date fills so much of an instant's. */
const FILLED_MIN = 0.4;

/** Breaks at the end of a part if there is one, so that ids and instants stay readable. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    let at = 0;
    for (const { index, 0: part } of rest.slice(0, width + 1).matchAll(PART)) {
      const end = index + part.length;
      if (end <= width) at = end;
    }
    const cut = at >= width * FILLED_MIN ? at : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
