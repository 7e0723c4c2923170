import { describe, expect, it } from '@jest/globals';
import { fleet } from '#fleet';
import { Unparsable } from '#kernel';
import { START } from '#testing';
import { endpoints, fleetRecordCodec as codec, sizeRequest, type FleetRecord } from '#wire';

const subject = endpoints.fleet.subject.of({ region: 'eu', fleet: 'harbour' });
const wanted = { at: START, reason: 'the season begins', by: 'operator' };
const size = { minAvailable: 1, max: 5, buffer: 2 };

function factOf(event: FleetRecord['event']): FleetRecord {
  const state = fleet.evolve(fleet.initial, event);
  return { id: '0a', source: 'berth/allocator/allocator-1', event, state };
}
const sized = factOf({ type: 'FleetSized', size, ...wanted });
const unsized = factOf({ type: 'FleetUnsized', ...wanted });

describe('The format of a fleet event', () => {
  it.each([sized, unsized])('is read back as %j', (record) => {
    expect(codec.decode(subject, codec.encode(subject, record))).toEqual(record);
  });

  it('is CloudEvents 1.0, readable by anybody', () => {
    expect(JSON.parse(new TextDecoder().decode(codec.encode(subject, sized)))).toMatchObject({
      specversion: '1.0',
      type: 'berth.fleet.FleetSized',
      subject: 'fleet.eu.harbour',
      time: '2026-01-01T00:00:00.000Z',
      dataversion: 1,
      data: { event: { size, reason: 'the season begins', by: 'operator' }, state: { size } },
    });
  });

  it('is read under its own subject only', () => {
    const decode = () => codec.decode('fleet.eu.other', codec.encode(subject, sized));
    expect(decode).toThrow(Unparsable);
  });
});

describe('A request to size a fleet', () => {
  const asked = { region: 'eu', fleet: 'harbour', size };

  it('may set a size, or remove it', () => {
    expect(sizeRequest.parse(asked)).toEqual({ ...asked, reason: '', by: 'unnamed' });
    expect(sizeRequest.parse({ ...asked, size: null }).size).toBeNull();
  });

  it.each([
    { fleet: 'a.b' },
    { size: { minAvailable: 3, max: 2, buffer: 0 } },
    { size: { minAvailable: 0, max: 2, buffer: -1 } },
    { size: { max: 2 } },
  ])('is invalid with %j', (change) => {
    expect(sizeRequest.safeParse({ ...asked, ...change }).success).toBe(false);
  });
});
