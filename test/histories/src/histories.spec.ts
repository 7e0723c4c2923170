import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { firstDifference } from '#slot';
import { EVENT_TYPES } from '#testing';
import { slotRecordCodec, type SlotRecord } from '#wire';

const FOLDER = 'test/histories';

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.jsonl'))
  .sort();

/** The first version that leaves defaults out of what it prints. */
const LATEST = '0.3.1/';

const text = (body: Uint8Array) => new TextDecoder().decode(body);

function linesOf(file: string): readonly string[] {
  return readFileSync(`${FOLDER}/${file}`, 'utf8').trimEnd().split('\n');
}

function subjectOf(file: string): string {
  return (JSON.parse(linesOf(file)[0] ?? '') as { subject: string }).subject;
}

function read(file: string): readonly SlotRecord[] {
  const bytes = linesOf(file).map((line) => new TextEncoder().encode(line));
  return bytes.map((body) => slotRecordCodec.decode(subjectOf(file), body));
}

function written(file: string, record: SlotRecord): Uint8Array {
  return slotRecordCodec.encode(subjectOf(file), record);
}

/** The checksum depends on the schemas of the version that wrote it. */
function document(line: string): object {
  const { crc32: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
  return rest;
}

describe('The history of', () => {
  it.each(files)('%s is read and replayed to the recorded states', (file) => {
    expect(firstDifference(read(file))).toBeUndefined();
  });

  it.each(files)('%s loses nothing where it is written again', (file) => {
    for (const record of read(file)) {
      expect(slotRecordCodec.decode(subjectOf(file), written(file, record))).toEqual(record);
    }
  });

  it.each(files.filter((file) => file.startsWith(LATEST)))('%s is written again', (file) => {
    const documents = read(file).map((record) => document(text(written(file, record))));
    expect(documents).toEqual(linesOf(file).map(document));
  });

  it('some slot has every event of this version', () => {
    const seen = new Set(files.flatMap(read).map(({ event }) => event.type));
    expect([...seen].sort()).toEqual([...EVENT_TYPES].sort());
  });
});
