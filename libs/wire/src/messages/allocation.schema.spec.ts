import { JsonText } from '#json';
import { describe, expect, it } from '@jest/globals';
import {
  allocationAnswer,
  allocationRequest,
  deallocationRequest,
  fullAllocationId,
  parse,
} from '#wire';

const minimal = { region: 'eu' };

describe('A request for a server', () => {
  it('needs a region and nothing else', () => {
    expect(parse(allocationRequest, minimal)).toEqual({
      region: 'eu',
      attributes: {},
      restart: false,
      payload: JsonText.null,
      waitMs: 0,
      timeoutMs: 15_000,
    });
  });

  it('keeps its fields', () => {
    const request = {
      allocationId: 'match-1',
      region: 'eu',
      fleet: 'harbour',
      buildConfiguration: 'harbour-1',
      restart: true,
      slot: 'eu.m.1',
      attributes: { map: 'docks' },
      payload: JsonText.of({ players: ['Ada', 'Grace'], nested: { deep: [1, null, true] } }),
      idleTtlMs: 60_000,
      waitMs: 30_000,
      timeoutMs: 5_000,
    };
    expect(parse(allocationRequest, request)).toEqual(request);
  });

  it.each([
    ['no region', { region: undefined }, /^region: /],
    ['a wildcard as region', { region: '*' }, /^region: /],
    ['two tokens as region', { region: 'eu.west' }, /^region: /],
    ['an id with a space', { allocationId: 'match 1' }, /^allocationId: must be 1 to 128/],
    ['an id with a line break', { allocationId: 'match\r\n1' }, /^allocationId: must be 1 to 128/],
    ['an empty id', { allocationId: '' }, /^allocationId: must be 1 to 128/],
    [
      'an id that is too long',
      { allocationId: 'x'.repeat(129) },
      /^allocationId: must be 1 to 128/,
    ],
    ['an attribute that is not text', { attributes: { level: 3 } }, /^attributes\.level: /],
    [
      'too many attributes',
      { attributes: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`key-${n}`, ''])) },
      /^attributes: at most 64 attributes/,
    ],
    ['an idle limit under a second', { idleTtlMs: 999 }, /^idleTtlMs: /],
    ['a negative wait', { waitMs: -1 }, /^waitMs: /],
    ['a wait of over ten minutes', { waitMs: 600_001 }, /^waitMs: /],
    ['a time-out of zero', { timeoutMs: 0 }, /^timeoutMs: /],
    ['a time-out over a minute', { timeoutMs: 60_001 }, /^timeoutMs: /],
    ['a time-out that is not a number', { timeoutMs: '5s' }, /^timeoutMs: /],
    ['an unknown field', { regionn: 'eu' }, /regionn/],
  ])('says what is wrong with %s', (_, change, message) => {
    expect(() => parse(allocationRequest, { ...minimal, ...change })).toThrow(message);
  });

  it('lists everything that is wrong', () => {
    const wrong = { region: '*', timeoutMs: 0 };
    expect(() => parse(allocationRequest, wrong)).toThrow(/region: .*; timeoutMs: /);
  });
});

describe('A full id', () => {
  it.each(['match-1', 'asked', 'acme match-1'])('may be %j', (id) => {
    expect(parse(fullAllocationId, id)).toBe(id);
  });

  it.each(['default match-1', 'asked match-1', 'Acme match-1', 'acme match 1', ' match-1'])(
    'may not be %j',
    (id) => expect(() => parse(fullAllocationId, id)).toThrow(),
  );
});

describe('A request to end an allocation', () => {
  it('gets a default reason and name if it has none', () => {
    expect(parse(deallocationRequest, { allocationId: 'match-1', region: 'eu' })).toEqual({
      allocationId: 'match-1',
      region: 'eu',
      reason: 'asked for',
      by: 'unnamed',
    });
  });

  it('must name the allocation', () => {
    expect(() => parse(deallocationRequest, minimal)).toThrow(/^allocationId: /);
  });
});

describe('An answer', () => {
  it('is a grant or a refusal, told apart by its status', () => {
    const refused = { status: 'refused', code: 'none-available', message: 'nothing fits' };
    expect(parse(allocationAnswer, refused)).toEqual(refused);
    expect(() => parse(allocationAnswer, { ...refused, status: 'maybe' })).toThrow(/status/);
  });
});
