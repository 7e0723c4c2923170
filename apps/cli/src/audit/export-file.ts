import { errorMessage } from '#kernel';
import { exportedLine, exportedRow, withoutSecrets, type ExportedRow, type Selected } from '#audit';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { once } from 'node:events';
import {
  closeSync,
  createWriteStream,
  fchmodSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  type WriteStream,
} from 'node:fs';
import { finished } from 'node:stream/promises';

export const FORMATS = ['jsonl', 'csv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

/** Where exported events go, one after the other. */
interface EventFile {
  write(event: Selected): Promise<void>;
  close(): Promise<void>;
}

/** An export that is under way; `close` puts it where it was asked for. */
export interface ExportFile extends EventFile {
  /** Leaves no trace of it. */
  discard(): Promise<void>;
}

/** Only its owner may read an export. */
const MODE = 0o600;

/**
 * Opens a file for an export. One that is there is written over once the export is whole: half of it
 * would look like all. Until then it is in `<path>.part`.
 *
 * @param secrets whether payloads, answers and tokens are written too
 * @throws where there can be no such file
 */
export function openExport(path: string, format: Format, secrets: boolean): ExportFile {
  // A device is written to as it is.
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  const part = isFile ? `${path}.part` : path;
  const file = openFile(part, format, secrets);
  return {
    write: (event) => file.write(event),
    async close() {
      await file.close();
      if (isFile) renameSync(part, path);
    },
    async discard() {
      // Why it is given up has been told.
      await file.close().catch(() => undefined);
      if (isFile) rmSync(part);
    },
  };
}

function openFile(path: string, format: Format, secrets: boolean): EventFile {
  const seen = secrets ? (event: Selected) => event : bare;
  switch (format) {
    case 'jsonl':
      return new Lines(path, (event) => exportedLine(seen(event).message));
    case 'csv':
      return new Lines(path, (event) => csvLine(seen(event)), `${COLUMNS.join(',')}\n`);
    case 'parquet':
      return new Parquet(path, seen);
    default:
      return format satisfies never;
  }
}

/** Makes a file, or empties it, for its owner only; returns its descriptor. */
function emptied(path: string): number {
  const file = opened(path);
  // The mode is given to new files alone, and a device is everybody's.
  if (fstatSync(file).isFile()) fchmodSync(file, MODE);
  return file;
}

function opened(path: string): number {
  try {
    return openSync(path, 'w', MODE);
  } catch (error) {
    throw new Error(`${path} cannot be written: ${errorMessage(error)}`, { cause: error });
  }
}

/** What cannot be read may hold anything, so nothing of it is written. */
function bare({ message, record }: Selected): Selected {
  if (record === undefined) return { message: { ...message, body: new Uint8Array() }, record };
  return withoutSecrets(message, record);
}

const TYPES = {
  sequence: 'INT64',
  at: 'TIMESTAMP',
  slot: 'STRING',
  fleet: 'STRING',
  event: 'STRING',
  status: 'STRING',
  allocation: 'STRING',
  attempt: 'INT32',
  by: 'STRING',
  why: 'STRING',
  source: 'STRING',
  data: 'STRING',
} as const satisfies Record<keyof ExportedRow, string>;
const COLUMNS = Object.keys(TYPES) as (keyof ExportedRow)[];

function csvLine({ message, record }: Selected): string | undefined {
  if (record === undefined) return undefined;
  const row = exportedRow(message, record);
  return COLUMNS.map((name) => {
    return csvCell(name === 'at' ? new Date(row.at).toISOString() : String(row[name] ?? ''));
  }).join(',');
}

/** As RFC 4180 has it. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

class Lines implements EventFile {
  private readonly stream: WriteStream;

  constructor(
    path: string,
    private readonly lineOf: (event: Selected) => string | undefined,
    head = '',
  ) {
    this.stream = createWriteStream(path, { fd: emptied(path) });
    // It is thrown by what is written next, or by closing.
    this.stream.on('error', () => undefined);
    this.stream.write(head);
  }

  async write(event: Selected): Promise<void> {
    if (this.stream.errored !== null) throw this.stream.errored;
    const line = this.lineOf(event);
    if (line === undefined || this.stream.write(`${line}\n`)) return;
    await once(this.stream, 'drain');
  }

  async close(): Promise<void> {
    this.stream.end();
    await finished(this.stream);
  }
}

/** Rows that are written together; a reader skips groups by their least and greatest values. */
const GROUP_ROWS = 10_000;

class Parquet implements EventFile {
  private readonly writer: ParquetWriter;
  private rows: ExportedRow[] = [];

  constructor(
    path: string,
    private readonly seen: (event: Selected) => Selected,
  ) {
    closeSync(emptied(path));
    const schema = schemaFromColumnData({ columnData: this.columns() });
    this.writer = new ParquetWriter({ writer: fileWriter(path), schema });
  }

  async write(event: Selected): Promise<void> {
    const { message, record } = this.seen(event);
    if (record === undefined) return;
    this.rows.push(exportedRow(message, record));
    if (this.rows.length === GROUP_ROWS) await this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.writer.finish();
  }

  private async flush(): Promise<void> {
    if (this.rows.length === 0) return;
    await this.writer.write({ columnData: this.columns(), rowGroupSize: GROUP_ROWS });
    this.rows = [];
  }

  private columns() {
    return COLUMNS.map((name) => ({
      name,
      type: TYPES[name],
      nullable: name === 'fleet' || name === 'allocation' || name === 'attempt' || name === 'by',
      data: this.rows.map((row) => cellOf(name, row)),
    }));
  }
}

function cellOf(name: keyof ExportedRow, row: ExportedRow): unknown {
  if (name === 'sequence') return BigInt(row.sequence);
  return name === 'at' ? new Date(row.at) : row[name];
}
