import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { slotRecordCodec, type SlotRecord } from '#wire';
import { aLife } from '#testing';
import type { Stored } from './reader.js';
import { lastRelease, type Release } from './release.js';

const last = await lastRelease();
const SUBJECT = 'slot.eu.agent-1.slot-1';
const LIVES = 300;
const READ_BYTES_MAX = 100_000_000;

/** Types of events that came after 0.2.0; its services set a slot aside for them. */
const NEWER: readonly string[] = ['SlotRepaired', 'SessionRestored'];

describe('Version 0.2.0', () => {
  if ('missing' in last) {
    it.skip(`reads no events here: ${last.missing}`, () => undefined);
    return;
  }
  it('reads the events of this one, and takes the same from what is printed of them', () => {
    const steps = fc.sample(aLife(), LIVES).flatMap((life) => life.steps);
    const sent = steps.filter(({ event }) => !NEWER.includes(event.type));
    const records = sent.map((step): SlotRecord => ({ id: 'a', source: 'berth/a', ...step }));
    const read = readBy(last, records);
    expect(read.length).toBeGreaterThan(LIVES);
    for (const [index, record] of records.entries()) {
      // All of its members: those that it does not know are only in the record of this version.
      expect(JSON.parse(JSON.stringify(record))).toMatchObject(read[index] as object);
    }
  }, 60_000);
});

function readBy(release: Release, records: readonly SlotRecord[]): readonly unknown[] {
  const decoder = new TextDecoder();
  const lines = records.map((record) => {
    const body = decoder.decode(slotRecordCodec.encode(SUBJECT, record));
    return JSON.stringify([SUBJECT, body] satisfies Stored);
  });
  const reader = resolve('dist/test/versions/src/reader.js');
  const words = [reader, release.module('libs/wire/src/index.js').href, 'slotFactCodec'];
  const told = execFileSync(process.execPath, words, {
    ...{ input: `${lines.join('\n')}\n`, maxBuffer: READ_BYTES_MAX },
  });
  const texts = told.toString().trimEnd().split('\n');
  return texts.map((text): unknown => JSON.parse(text));
}
