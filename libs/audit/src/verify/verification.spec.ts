import { describe, expect, it } from '@jest/globals';
import { printJson } from '#json';
import type { StoredMessage } from '#kernel';
import { aLife, storedLog } from '#testing';
import { decodeJson, encodeJson, slotRecordCodec } from '#wire';
import fc from 'fast-check';
import { keptVerification, SlotReplay, Verification, verificationReport } from '../index.js';

const log: readonly StoredMessage[] = [...storedLog({ slots: 7, sessions: 6 })];
const middle = Math.floor(log.length / 2);

function verified(messages: Iterable<StoredMessage>, wholeSince = 0) {
  const verification = new Verification(wholeSince);
  for (const message of messages) verification.take(message);
  return verificationReport.parse(verification.report());
}

const placesIn = (messages: Iterable<StoredMessage>) =>
  verified(messages).findings.map(({ sequence, kind }) => [sequence, kind]);

/** The log with another message in the place of one. */
function having(sequence: number, change: (message: StoredMessage) => Partial<StoredMessage>) {
  return log.map((message) =>
    message.sequence === sequence ? { ...message, ...change(message) } : message,
  );
}

/** A record in which specs may change what nobody else may. */
interface Draft {
  event: Record<string, unknown>;
  readonly state: { readonly context: Record<string, unknown> };
}

/** As a writer with these very schemas would have written it: its checksum fits. */
function rewritten({ subject, body }: StoredMessage, change: (draft: Draft) => void) {
  const { event, state, ...rest } = slotRecordCodec.decode(subject, body);
  const draft = { event: { ...event }, state: { ...state, context: { ...state.context } } };
  change(draft);
  return { body: slotRecordCodec.encode(subject, { ...rest, ...draft }) };
}

/** The log with two messages in each other's place, headers included. */
function swapped(one: StoredMessage, other: StoredMessage): readonly StoredMessage[] {
  return log.map((message) => {
    if (message === one) return { ...other, sequence: one.sequence };
    return message === other ? { ...one, sequence: other.sequence } : message;
  });
}

function withoutChecksum({ body }: StoredMessage): Uint8Array {
  const text = new TextDecoder().decode(body);
  return new TextEncoder().encode(text.replace(/,"crc32":"\w+"\}$/, '}'));
}

const typeAt = (sequence: number) => {
  const { subject, body } = log[sequence - 1]!;
  return slotRecordCodec.decode(subject, body).event.type;
};

const sequenceOf = (type: string, from = 1) =>
  log.find(({ sequence }) => sequence >= from && typeAt(sequence) === type)!.sequence;

describe('A log that allocators have written', () => {
  it('is sound', () => {
    const { wrong, events, slots, findings } = verified(log);
    expect({ wrong, events, slots, findings }).toEqual({
      ...{ wrong: 0, events: log.length, slots: 7, findings: [] },
    });
  });

  it('is sound whatever has happened to its slots', () => {
    const law = fc.property(fc.array(aLife(), { maxLength: 4 }), (lives) => {
      let sequence = 0;
      const messages = lives.flatMap(({ steps }, index) =>
        steps.map((step, place): StoredMessage => {
          sequence += 1;
          const subject = `slot.eu.a.${index}`;
          const body = slotRecordCodec.encode(subject, { id: 'x', source: 's', ...step });
          const expected = place === 0 ? 0 : sequence - 1;
          return { subject, sequence, body, expected, deduplicationId: null };
        }),
      );
      // Lives know nothing of each other's ids.
      expect(verified(messages).findings.filter(({ kind }) => kind !== 'claim')).toEqual([]);
    });
    fc.assert(law);
  });

  it('is sound where other versions have written it, with and without a checksum', () => {
    const older = log.map((message) => ({ ...message, body: withoutChecksum(message) }));
    expect(verified(older)).toMatchObject({ wrong: 0, withoutChecksum: log.length });
  });

  it('may begin late, and lack slots that were forgotten, where no archive has it all', () => {
    const tails = log.slice(middle);
    expect(verified(tails, Infinity)).toMatchObject({ wrong: 0, beginningsGone: 7 });
    const without = log.filter(({ subject }) => subject !== log[0]!.subject);
    expect(verified(without, Infinity).wrong).toBe(0);
    expect(verified(without).wrong).toBeGreaterThan(0);
  });
});

describe('A verification names', () => {
  it('every event of which one byte was changed, wherever it is', () => {
    const { body } = log[middle]!;
    for (let at = 0; at < body.length; at += at < body.length - 40 ? 3 : 1) {
      const changed = having(middle + 1, () => ({ body: body.with(at, (body[at] ?? 0) ^ 1) }));
      const found = verified(changed).findings.map(({ sequence }) => sequence);
      expect([at, found]).toEqual([at, [middle + 1]]);
    }
  }, 60_000);

  it('an event whose checksum was taken off, though another slot is replayed first', () => {
    const [one, other] = log
      .map(({ subject }) => subject)
      .filter((it, at, all) => it !== all[at - 1]);
    const { sequence: bare } = log.findLast(
      ({ subject, sequence }) => subject === other && sequence < middle,
    )!;
    // Until then another writer has written of the slot that is replayed first.
    const messages = log.map((message) => {
      if (message.sequence === bare) return { ...message, body: withoutChecksum(message) };
      if (message.subject !== one || message.sequence > bare) return message;
      const record = slotRecordCodec.decode(message.subject, message.body);
      return {
        ...message,
        body: slotRecordCodec.encode(message.subject, { ...record, source: 'x' }),
      };
    });
    const verification = new Verification(0);
    const told = new SlotReplay().takeAll({
      length: messages.length,
      subjectAt: (place) => messages[place]!.subject,
      at: (place) => messages[place]!,
    });
    for (const [at, message] of messages.entries()) verification.note(message, told[at]!);
    expect(verification.report().findings).toEqual(verified(messages).findings);
    expect(placesIn(messages)).toEqual([[bare, 'changed']]);
  });

  it('every event that was dropped between two others', () => {
    for (const { sequence } of log.slice(1, -1)) {
      const without = log.filter((message) => message.sequence !== sequence);
      expect(placesIn(without)).toEqual([[sequence, 'missing']]);
    }
  });

  it('events that were dropped, and their slot, where gaps are lawful', () => {
    const { subject, sequence } = log[middle]!;
    const without = log.filter((message) => message.sequence !== sequence);
    const { findings } = verified(without, Infinity);
    expect(findings).toMatchObject([{ sequence, kind: 'missing', slot: subject.slice(5) }]);
  });

  it('two events that were swapped', () => {
    const one = log[middle]!;
    const other = log.find(({ subject, sequence }) => {
      return subject === one.subject && sequence > one.sequence + 7;
    })!;
    expect(placesIn(swapped(one, other))).toEqual([
      [one.sequence, 'order'],
      [other.sequence, 'order'],
    ]);
  });

  it('both slots of which events were swapped', () => {
    for (const distance of [1, 3, 8]) {
      const [one, other] = [log[middle]!, log[middle + distance]!];
      const { findings } = verified(swapped(one, other));
      const slots = [one, other].map(({ subject }) => subject.slice(5));
      expect([...new Set(findings.map(({ slot }) => slot))].sort()).toEqual(slots.sort());
    }
  });

  it('two bodies that were swapped', () => {
    const one = log[middle]!;
    const other = log.find(({ subject, sequence }) => {
      return subject === one.subject && sequence > one.sequence;
    })!;
    const changed = log.map((message) => {
      if (message === one) return { ...message, body: other.body };
      return message === other ? { ...message, body: one.body } : message;
    });
    expect(placesIn(changed).map(([sequence]) => sequence)).toEqual([one.sequence, other.sequence]);
  });

  it('a state that does not follow, written with a checksum that fits', () => {
    const sequence = sequenceOf('CallbackAcked', middle);
    const changed = having(sequence, (message) =>
      rewritten(message, (record) => {
        record.state.context['fence'] = 99;
      }),
    );
    const { findings } = verified(changed);
    expect(findings).toMatchObject([{ sequence, kind: 'state', event: 'CallbackAcked' }]);
    expect(findings[0]?.says).toContain('context.fence differs');
  });

  it('an event that cannot have happened', () => {
    const sequence = sequenceOf('CallbackAcked', middle);
    const changed = having(sequence, (message) =>
      rewritten(message, (record) => (record.event = { type: 'WentIdle', at: record.event['at'] })),
    );
    expect(placesIn(changed)).toEqual([[sequence, 'impossible']]);
  });

  it('time that goes back', () => {
    const sequence = sequenceOf('SlotCleared', middle);
    const changed = having(sequence, (message) =>
      rewritten(message, (record) => (record.event['at'] = Number(record.event['at']) - 500_000)),
    );
    expect(placesIn(changed)).toEqual([[sequence, 'time']]);
  });

  it('an id that was given two slots', () => {
    const [sequence, first] = [sequenceOf('AllocationRequested', middle), 'match-0-1'];
    const changed = having(sequence, (message) => ({
      deduplicationId: first,
      ...rewritten(message, ({ event, state }) => {
        event['allocationId'] = first;
        state.context['allocation'] = { ...(state.context['allocation'] as object), id: first };
      }),
    }));
    const { findings } = verified(changed);
    expect(findings[0]).toMatchObject({ sequence, kind: 'claim' });
    expect(findings[0]?.says).toContain('match-0-1 was given a slot again');
  });

  it('no token and no payload', () => {
    const sequence = sequenceOf('CallbackAcked', middle);
    const changed = having(sequence, (message) =>
      rewritten(message, (record) => {
        const { context } = record.state;
        context['allocation'] = { ...(context['allocation'] as object), token: 'stolen' };
      }),
    );
    const report = verified(changed);
    expect(report.wrong).toBe(1);
    expect(JSON.stringify(report)).not.toContain('stolen');
  });
});

describe('A verification that was interrupted', () => {
  it('comes to the same, wherever it goes on', () => {
    const damaged = having(middle, ({ body }) => ({ body: body.with(30, 0) })).filter(
      ({ sequence }) => sequence !== middle + 9,
    );
    const whole = verified(damaged);
    expect(whole.wrong).toBe(2);
    for (let stop = 0; stop <= damaged.length; stop += 13) {
      const first = new Verification(0);
      for (const message of damaged.slice(0, stop)) first.take(message);
      const note = decodeJson(keptVerification, encodeJson(first.keep()));
      const second = new Verification(0, note);
      for (const message of damaged.slice(stop)) second.take(message);
      expect([stop, second.report()]).toEqual([stop, whole]);
    }
  });

  it('keeps payloads as they were written', () => {
    const first = new Verification(0);
    for (const message of log.slice(0, middle)) first.take(message);
    const { heads } = decodeJson(keptVerification, encodeJson(first.keep()));
    for (const { state, subject, sequence } of heads) {
      const { body } = log[sequence - 1]!;
      const recorded = slotRecordCodec.decode(subject, body);
      expect(state).toBe(printJson(recorded.state));
    }
  });
});
