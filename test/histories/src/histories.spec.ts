import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { firstDifference } from '#slot';
import { EVENT_TYPES } from '#testing';
import { slotRecordCodec, type SlotRecord } from '#wire';

const FOLDER = 'test/histories';

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.jsonl'))
  .sort();

function read(file: string): readonly SlotRecord[] {
  const lines = readFileSync(`${FOLDER}/${file}`, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { subject } = JSON.parse(line) as { subject: string };
    return slotRecordCodec.decode(subject, new TextEncoder().encode(line));
  });
}

describe('The history of', () => {
  it.each(files)('%s is read and replayed to the recorded states', (file) => {
    expect(firstDifference(read(file))).toBeUndefined();
  });

  it.each(files)('%s is written again unchanged', (file) => {
    const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
    const subject = (JSON.parse(text.split('\n')[0] ?? '') as { subject: string }).subject;
    const documents = read(file).map((record): unknown =>
      JSON.parse(new TextDecoder().decode(slotRecordCodec.encode(subject, record))),
    );
    const lines = text.trimEnd().split('\n');
    const recorded = lines.map((line) => {
      // The checksum depends on the schemas of the version that wrote it.
      const { crc32: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
      return rest;
    });
    expect(documents).toMatchObject(recorded);
  });

  it('some slot has every event of this version', () => {
    const seen = new Set(files.flatMap(read).map(({ event }) => event.type));
    expect([...seen].sort()).toEqual([...EVENT_TYPES].sort());
  });
});
