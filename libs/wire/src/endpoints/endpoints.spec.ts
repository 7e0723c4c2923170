import { describe, expect, it } from '@jest/globals';
import { Unparsable } from '#kernel';
import {
  SUBJECT_USES,
  SubjectTemplate,
  allEndpoints,
  endpoints,
  liveSubject,
  parse,
  regionOf,
  storedSubject,
  type Asked,
} from '#wire';

const asked = allEndpoints.filter((endpoint): endpoint is Asked => endpoint.kind === 'asked');
const named = <E extends { readonly subject: { readonly text: string } }>(all: readonly E[]) =>
  all.map((endpoint) => [endpoint.subject.text, endpoint] as const);

describe('The table of endpoints', () => {
  it('has no two kinds of subject with the same shape', () => {
    const shapes = SUBJECT_USES.map(({ pattern }) => pattern.replaceAll(/<\w+>/g, '*'));
    expect(new Set(shapes).size).toBe(SUBJECT_USES.length);
    expect(shapes).toContain('slot.*.*.*');
    expect(shapes).toContain('live.slot.*.*.*');
  });

  it.each(named(allEndpoints))('%s begins with its region', (_, { subject }) => {
    expect(subject.names[0]).toBe('region');
    expect(regionOf(subject.filter({ region: 'eu' }))).toBe('eu');
  });

  it.each(named(asked))('%s has valid examples', (_, { request, answer, example }) => {
    parse(request, example.request);
    parse(answer, example.answer);
  });

  it.each(named(allEndpoints.filter((endpoint) => endpoint.kind !== 'asked')))(
    '%s has a valid example, if any',
    (_, { message, example }) => {
      if (example !== undefined) parse(message, example);
    },
  );

  it.each(named(asked))('%s can be refused, whatever the request is', (_, { answer }) => {
    for (const code of ['invalid', 'not-ready', 'timed-out']) {
      const refusal = { status: 'refused', code, message: 'because' };
      expect(parse(answer, refusal)).toEqual(refusal);
    }
  });

  it.each(named(asked))(
    '%s has a time limit for its answer',
    (_, { request, example, answerMs }) => {
      expect(answerMs(parse(request, example.request))).toBeGreaterThan(0);
    },
  );
});

describe('A subject', () => {
  const template = new SubjectTemplate('logs.<region>.<agent>.<slot>');
  const tokens = { region: 'eu', agent: 'a-1', slot: '1' };

  it('is made from its tokens, and parsed into them', () => {
    expect(template.of(tokens)).toBe('logs.eu.a-1.1');
    expect(template.parse('logs.eu.a-1.1')).toEqual(tokens);
    expect(template.names).toEqual(['region', 'agent', 'slot']);
    expect(template.kind).toBe('logs');
  });

  it('is a filter if some tokens are open', () => {
    expect(template.filter({ region: 'eu' })).toBe('logs.eu.*.*');
    expect(template.filter({ slot: '1' })).toBe('logs.*.*.1');
    expect(template.filter()).toBe('logs.*.*.*');
  });

  it.each(['', 'a.b', '*', '>', 'a b', 'a\n'])('cannot be made of %j', (agent) => {
    expect(() => template.of({ ...tokens, agent })).toThrow(Unparsable);
    expect(() => template.filter({ agent })).toThrow(Unparsable);
  });

  it.each(['', 'logs', 'logs.eu.a', 'logs.eu.a.1.2', 'logs.eu..1', 'log.eu.a.1', 'logss.eu.a.1'])(
    'does not match %j',
    (subject) => {
      expect(template.match(subject)).toBeUndefined();
      expect(() => template.parse(subject)).toThrow(Unparsable);
    },
  );

  it('has a region only if it is in the table', () => {
    expect(regionOf(endpoints.usage.subject.of({ region: 'us', agent: 'm' }))).toBe('us');
    for (const subject of ['', 'elsewhere.eu', 'allocate', 'allocate.eu.x.y', '$JS.API.INFO']) {
      expect(() => regionOf(subject)).toThrow(Unparsable);
    }
  });

  it('is found from the subject of its live copy', () => {
    expect(liveSubject('slot.eu.a.1')).toBe('live.slot.eu.a.1');
    expect(storedSubject('live.slot.eu.a.1')).toBe('slot.eu.a.1');
  });
});
