import { JsonText, printJson } from '#json';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Unparsable } from '#kernel';
import { shortState, slot } from '#slot';
import { aLife, anEvent, given } from '#testing';
import { slotRecordCodec as codec, type SlotRecord } from '#wire';

const subject = 'slot.eu.agent-1.slot-1';
const event = anEvent('SlotRegistered');
const record: SlotRecord = {
  id: '0a',
  source: 'berth/allocator/allocator-1',
  event,
  state: given(slot, event).state,
};

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array) => new TextDecoder().decode(body);

interface Document {
  [key: string]: unknown;
  data: { event: Record<string, unknown>; state: Record<string, unknown> };
}

/** The stored document, changed by `change`. */
function tampered(change: (document: Document) => void, of = record): Uint8Array {
  const document = JSON.parse(text(codec.encode(subject, of))) as Document;
  change(document);
  return bytes(JSON.stringify(document));
}

describe('The format of a slot event', () => {
  it('is read back unchanged for every event', () => {
    const law = fc.property(aLife(), fc.string({ minLength: 1 }), ({ steps }, id) => {
      for (const step of steps) {
        const sent: SlotRecord = { id, source: 'berth/allocator/a', ...step };
        expect(codec.decode(subject, codec.encode(subject, sent))).toEqual(sent);
      }
    });
    fc.assert(law);
  });

  it('is CloudEvents 1.0, readable by anybody', () => {
    expect(JSON.parse(text(codec.encode(subject, record)))).toMatchObject({
      specversion: '1.0',
      id: '0a',
      source: 'berth/allocator/allocator-1',
      type: 'berth.slot.SlotRegistered',
      subject,
      time: '2026-01-01T00:00:00.000Z',
      dataversion: 1,
    });
  });

  it('may have fields that this version does not know', () => {
    const body = tampered((document) => {
      document['climate'] = 'mild';
      document.data.event['weather'] = 'fog';
      document.data.state['mood'] = 'calm';
    });
    expect(codec.decode(subject, body)).toEqual(record);
  });

  it('keeps the trace that it was written in, which does not change how the rest is read', () => {
    const traced = { ...record, traceparent: TRACEPARENT };
    const body = codec.encode(subject, traced);
    expect(JSON.parse(text(body))).toMatchObject({ traceparent: TRACEPARENT });
    expect(codec.decode(subject, body)).toEqual(traced);
    expect(codec.decode(subject, unsealed(body))).toEqual(traced);
    expect(codec.open(subject, body)).toEqual(codec.open(subject, codec.encode(subject, record)));
  });

  it('is read even if its trace is no text', () => {
    const body = tampered((document) => {
      document['traceparent'] = 1;
    });
    expect(codec.decode(subject, body)).toEqual(record);
  });
});

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The document without its checksum, as earlier versions wrote it. */
function unsealed(body: Uint8Array): Uint8Array {
  return bytes(text(body).replace(/,"crc32":"[0-9a-f]{8}"\}$/, '}'));
}

describe('A document of this version', () => {
  it('is opened to the event that is in it, and the text of its state', () => {
    const law = fc.property(aLife(), fc.string({ minLength: 1 }), ({ steps }, name) => {
      for (const step of steps) {
        const body = codec.encode(subject, { id: name, source: name, ...step });
        const opened = codec.open(subject, body);
        expect(opened).toEqual({
          event: codec.decode(subject, body).event,
          source: name,
          stateText: printJson(shortState(step.state)),
        });
        expect(codec.open(subject, unsealed(body))).toBeUndefined();
      }
    });
    fc.assert(law);
  });

  it('is not opened where its payload looks like a state, nor on another subject', () => {
    const payload = JsonText.read('{"a":{},"state":{"value":1},"source":"x"}');
    const claim = anEvent('AllocationRequested', { payload });
    const body = codec.encode(subject, { ...record, event: claim });
    expect(codec.open(subject, body)).toBeUndefined();
    expect(codec.decode(subject, body).event).toEqual(claim);
    const sealed = codec.encode(subject, record);
    expect(() => codec.open('slot.eu.agent-1.slot-2', sealed)).toThrow(Unparsable);
  });

  it('is read without the schemas, with the result that they would give', () => {
    const law = fc.property(aLife(), ({ steps }) => {
      for (const step of steps) {
        const body = codec.encode(subject, { ...record, ...step });
        expect(unsealed(body).length).toBeLessThan(body.length);
        expect(codec.decode(subject, body)).toEqual(codec.decode(subject, unsealed(body)));
      }
    });
    fc.assert(law);
  });

  it('is read by the schemas if one byte of it is changed', () => {
    const outcome = (body: Uint8Array): unknown => {
      try {
        return codec.decode(subject, body);
      } catch (error) {
        expect(error).toBeInstanceOf(Unparsable);
        return 'unparsable';
      }
    };
    const law = fc.property(
      aLife(3),
      fc.nat(),
      fc.integer({ min: 32, max: 126 }),
      (life, at, sign) => {
        const body = codec.encode(subject, { ...record, ...life.steps[0] });
        body[at % (body.length - 20)] = sign;
        expect(outcome(body)).toEqual(outcome(unsealed(body)));
      },
    );
    fc.assert(law, { numRuns: 1_000 });
  });

  it('is set aside if it was changed to an impossible state', () => {
    const body = bytes(text(codec.encode(subject, record)).replace('"fence":0', '"fence":-'));
    expect(() => codec.decode(subject, body)).toThrow(Unparsable);
    const other = bytes(text(codec.encode(subject, record)).replace('"cold"', '"gold"'));
    expect(() => codec.decode(subject, other)).toThrow(/data\.state\.value/);
  });
});

describe('A message that is not a slot event', () => {
  function refuses(body: Uint8Array, message: RegExp, on = subject): void {
    const decode = () => codec.decode(on, body);
    expect(decode).toThrow(Unparsable);
    expect(decode).toThrow(message);
  }

  it('is set aside if it has a newer version', () =>
    refuses(
      tampered((document) => (document['dataversion'] = 2)),
      /dataversion/,
    ));

  it('is set aside if it has an unknown type', () => {
    refuses(
      tampered((document) => (document['type'] = 'berth.slot.Sank')),
      /type/,
    );
    refuses(
      tampered((document) => (document['type'] = 'ship.Sank')),
      /type/,
    );
  });

  it('is set aside if it is on the subject of another slot', () => {
    refuses(
      codec.encode(subject, record),
      /slot\.eu\.agent-1\.slot-1 stands on slot\.eu\.x\.y/,
      'slot.eu.x.y',
    );
  });

  it('is set aside if its state is missing or impossible', () => {
    refuses(
      tampered(({ data }) => delete data.state['value']),
      /data\.state\.value/,
    );
    refuses(
      tampered(({ data }) => (data.state['value'] = { available: 'hot' })),
      /data\.state\.value/,
    );
  });

  it('is set aside if a field of the event is missing', () =>
    refuses(
      tampered(({ data }) => delete data.event['incarnation']),
      /incarnation/,
    ));

  it.each([
    ['malformed', bytes('{"specversion":'), /not JSON/],
    ['empty', bytes(''), /not JSON/],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22]), /not JSON/],
    ['not an object', bytes('[]'), /expected object/],
  ])('is set aside if it is %s', (_, body, message) => refuses(body, message));
});

describe('A key with a special meaning in JavaScript', () => {
  const payload = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
  const claim = anEvent('AllocationRequested', { payload: JsonText.read(payload) });
  const claimed = { ...record, event: claim, state: given(slot, event, claim).state };

  it('is allowed in a payload like any other', () => {
    const decoded = codec.decode(subject, codec.encode(subject, claimed));
    expect(decoded).toMatchObject({ event: { type: 'AllocationRequested' } });
    expect(decoded.state.context.allocation?.payload.text).toBe(payload);
  });

  it('changes no object from inside a payload, attributes, an event or a state', () => {
    const evil = '{"__proto__":{"polluted":true},';
    const body = text(codec.encode(subject, claimed))
      .replaceAll('"attributes":{', `"attributes":{"__proto__":"polluted",`)
      .replace('"event":{', `"event":${evil}`)
      .replace('"context":{', `"context":${evil}`);
    const decoded = codec.decode(subject, bytes(body));
    for (const object of [{}, decoded, decoded.event, decoded.state, decoded.state.context]) {
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
      expect(object).not.toHaveProperty('polluted');
    }
  });

  it('does not stop the parser, however deep a payload is', () => {
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    const body = text(codec.encode(subject, claimed)).replaceAll(payload, deep);
    expect(codec.decode(subject, bytes(body)).id).toBe(record.id);
  });
});
