/**
 * Reads events with the codec of either version, in its own process: each line has a stored event, and
 * is answered by the record that was read, or the error.
 */
import { createInterface } from 'node:readline';

export type Stored = readonly [subject: string, body: string];

interface Codec {
  decode(subject: string, body: Uint8Array): unknown;
}

const [module = '', name = ''] = process.argv.slice(2);
const { [name]: codec } = (await import(module)) as Readonly<Record<string, Codec>>;
for await (const line of createInterface({ input: process.stdin })) {
  const [subject, body] = JSON.parse(line) as Stored;
  process.stdout.write(`${JSON.stringify(read(subject, Buffer.from(body)))}\n`);
}

function read(subject: string, body: Uint8Array): unknown {
  try {
    return codec?.decode(subject, body);
  } catch (error) {
    return { error: String(error) };
  }
}
