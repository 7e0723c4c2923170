/** Values of one row by column. */
export type Row = Readonly<Record<string, string | number | null | undefined>>;

interface DownloadProps {
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly rows: readonly Row[];
}

/** Saves rows as a file: JSON lines, or CSV for spreadsheets. */
export function Download({ name, rows }: DownloadProps) {
  const lines = () => rows.map((row) => JSON.stringify(row)).join('\n') + '\n';
  return (
    <>
      <button type="button" onClick={() => save(`${name}.jsonl`, lines())}>
        Save as JSON lines
      </button>
      <button type="button" onClick={() => save(`${name}.csv`, csvOf(rows))}>
        Save as CSV
      </button>
    </>
  );
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** By RFC 4180, with a line of names. */
function csvOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  return lines.map((cells) => cells.map(cellOf).join(',') + '\r\n').join('');
}

/** A spreadsheet would run text that begins like a formula; an apostrophe keeps it text. */
function cellOf(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
