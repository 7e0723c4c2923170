import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Unparsable } from '#kernel';
import {
  endpoints,
  slotOfReport,
  TOKEN,
  slotName,
  slotNamed,
  slotOfSubject,
  slotSubject,
  agentNamed,
  agentName,
  fleetName,
  fleetNamed,
  slotsSubject,
} from '#wire';

const aToken = fc.stringMatching(TOKEN);
const aSlot = fc.record({ region: aToken, agent: aToken, slot: aToken });

describe('A slot', () => {
  it('is parsed from its subject, its name and the subject of its reports', () => {
    const law = fc.property(aSlot, aToken, (ref, allocator) => {
      expect(slotOfSubject(slotSubject(ref))).toEqual(ref);
      expect(slotNamed(slotName(ref))).toEqual(ref);
      expect(slotOfReport(endpoints.report.subject.of(ref))).toEqual(ref);
      expect(slotOfReport(endpoints.reportToClaimer.subject.of({ ...ref, allocator }))).toEqual(
        ref,
      );
    });
    fc.assert(law);
  });

  it.each(['', 'slot.eu.a', 'slot.eu.a.1.x', 'slot.eu..1', 'live.slot.eu.a.1', 'report.eu.a.1'])(
    'is not parsed from the subject %j',
    (subject) => expect(() => slotOfSubject(subject)).toThrow(Unparsable),
  );

  it.each(['', 'report.eu.a', 'slot.eu.a.1'])(
    'is not parsed from the report subject %j',
    (subject) => expect(() => slotOfReport(subject)).toThrow(Unparsable),
  );

  it.each(['', 'eu.a', 'eu.a.1.x', 'eu.*.1', 'eu.a.>', 'eu.a b.1', `eu.a.${'x'.repeat(65)}`])(
    'cannot be named %j',
    (name) => expect(slotNamed(name)).toBeUndefined(),
  );
});

describe('An agent', () => {
  it('is parsed from its name and the subject of its heartbeats', () => {
    const law = fc.property(aToken, aToken, (region, agent) => {
      expect(endpoints.beat.subject.parse(endpoints.beat.subject.of({ region, agent }))).toEqual({
        region,
        agent,
      });
      expect(agentNamed(agentName({ region, agent }))).toEqual({ region, agent });
    });
    fc.assert(law);
  });

  it.each(['', 'beat.eu', 'beat.eu.a.1', 'report.eu.a'])(
    'is not parsed from the heartbeat subject %j',
    (subject) => expect(() => endpoints.beat.subject.parse(subject)).toThrow(Unparsable),
  );

  it.each(['', 'eu', 'eu.a.1', 'eu.*', 'eu.a b'])('cannot be named %j', (name) =>
    expect(agentNamed(name)).toBeUndefined(),
  );
});

describe('A fleet', () => {
  it('is parsed from its name and its subject', () => {
    const law = fc.property(aToken, aToken, (region, fleet) => {
      expect(endpoints.fleet.subject.parse(endpoints.fleet.subject.of({ region, fleet }))).toEqual({
        region,
        fleet,
      });
      expect(fleetNamed(fleetName({ region, fleet }))).toEqual({ region, fleet });
    });
    fc.assert(law);
  });

  it.each(['', 'fleet.eu', 'fleet.eu.a.b', 'slot.eu.a'])(
    'is not parsed from the subject %j',
    (subject) => expect(() => endpoints.fleet.subject.parse(subject)).toThrow(Unparsable),
  );

  it.each(['', 'eu', 'eu.a.b', 'eu.*'])('cannot be named %j', (name) =>
    expect(fleetNamed(name)).toBeUndefined(),
  );
});

describe('The subjects', () => {
  it('of a region or an agent are patterns for their slots', () => {
    expect(slotsSubject('eu')).toBe('slot.eu.*.*');
    expect(slotsSubject('eu', 'agent-1')).toBe('slot.eu.agent-1.*');
  });
});
