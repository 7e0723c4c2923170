import { readLine, type ExportedMessage } from '#audit';
import { errorMessage } from '#kernel';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { eventMeterOn } from './event-meter.js';

/**
 * Reads an export line by line; says how far it has come where that takes long.
 *
 * @throws where the file is empty, or a line is none of an export, or is not taken: with its number
 */
export async function readExport(
  path: string,
  take: (message: ExportedMessage) => Promise<void> | void,
): Promise<void> {
  const { size } = await stat(path);
  const input = createReadStream(path);
  const meter = eventMeterOn(process.stderr, 'bytes');
  let number = 0;
  meter.begin();
  try {
    for await (const text of createInterface({ input })) {
      number += 1;
      await take(readLine(text));
      meter.reach(input.bytesRead, size);
    }
  } catch (error) {
    if (number === 0) throw error;
    throw new Error(`${path}, line ${number}: ${errorMessage(error)}`, { cause: error });
  } finally {
    meter.end();
  }
  if (number === 0) throw new Error(`${path} has no events`);
}
