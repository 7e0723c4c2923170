import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Unparsable } from '#kernel';
import {
  SUBJECTS,
  TOKEN,
  liveSubject,
  reportSubject,
  slotName,
  slotNamed,
  slotOfReport,
  slotOfSubject,
  slotSubject,
  agentNamed,
  agentName,
  agentOfBeat,
  beatSubject,
  fleetName,
  fleetNamed,
  fleetOfSubject,
  fleetSubject,
  slotsSubject,
} from '#wire';

const aToken = fc.stringMatching(TOKEN);
const aSlot = fc.record({ region: aToken, agent: aToken, slot: aToken });

describe('A slot', () => {
  it('is found again from its subject, its name and its reports', () => {
    const law = fc.property(aSlot, aToken, (ref, allocator) => {
      expect(slotOfSubject(slotSubject(ref))).toEqual(ref);
      expect(slotNamed(slotName(ref))).toEqual(ref);
      expect(slotOfReport(reportSubject(ref))).toEqual(ref);
      expect(slotOfReport(reportSubject(ref, allocator))).toEqual(ref);
    });
    fc.assert(law);
  });

  it.each(['', 'slot.eu.a', 'slot.eu.a.1.x', 'slot.eu..1', 'live.slot.eu.a.1', 'report.eu.a.1'])(
    'is not the meaning of subject %j',
    (subject) => expect(() => slotOfSubject(subject)).toThrow(Unparsable),
  );

  it.each(['', 'report.eu.a', 'slot.eu.a.1'])('is not the sender of a report on %j', (subject) =>
    expect(() => slotOfReport(subject)).toThrow(Unparsable),
  );

  it.each(['', 'eu.a', 'eu.a.1.x', 'eu.*.1', 'eu.a.>', 'eu.a b.1', `eu.a.${'x'.repeat(65)}`])(
    'is not called %j',
    (name) => expect(slotNamed(name)).toBeUndefined(),
  );
});

describe('An agent', () => {
  it('is found again from its name and its beats', () => {
    const law = fc.property(aToken, aToken, (region, agent) => {
      expect(agentOfBeat(beatSubject(region, agent))).toEqual({ region, agent });
      expect(agentNamed(agentName({ region, agent }))).toEqual({ region, agent });
    });
    fc.assert(law);
  });

  it.each(['', 'beat.eu', 'beat.eu.a.1', 'report.eu.a'])('does not beat on %j', (subject) =>
    expect(() => agentOfBeat(subject)).toThrow(Unparsable),
  );

  it.each(['', 'eu', 'eu.a.1', 'eu.*', 'eu.a b'])('is not called %j', (name) =>
    expect(agentNamed(name)).toBeUndefined(),
  );
});

describe('A fleet', () => {
  it('is found again from its name and its subject', () => {
    const law = fc.property(aToken, aToken, (region, fleet) => {
      expect(fleetOfSubject(fleetSubject({ region, fleet }))).toEqual({ region, fleet });
      expect(fleetNamed(fleetName({ region, fleet }))).toEqual({ region, fleet });
    });
    fc.assert(law);
  });

  it.each(['', 'fleet.eu', 'fleet.eu.a.b', 'slot.eu.a'])('is not meant by %j', (subject) =>
    expect(() => fleetOfSubject(subject)).toThrow(Unparsable),
  );

  it.each(['', 'eu', 'eu.a.b', 'eu.*'])('is not called %j', (name) =>
    expect(fleetNamed(name)).toBeUndefined(),
  );
});

describe('The subjects', () => {
  it('of a region or an agent are the patterns of their slots', () => {
    expect(slotsSubject('eu')).toBe('slot.eu.*.*');
    expect(slotsSubject('eu', 'agent-1')).toBe('slot.eu.agent-1.*');
  });

  it('are told apart by their first token and their number', () => {
    const shapes = SUBJECTS.map(({ pattern }) => pattern.replaceAll(/<\w+>/g, '*'));
    expect(new Set(shapes).size).toBe(SUBJECTS.length);
    expect(shapes).toContain(slotsSubject('*'));
    expect(shapes).toContain(liveSubject(slotsSubject('*')));
  });
});
