import { JsonText, printJson } from '#json';
import { blank } from '#slot';
import { anEvent, EVENT_TYPES } from '#testing';
import { describe, expect, it } from '@jest/globals';
import type { Caller } from '../../auth/caller.js';
import { eventJson } from './event-json.js';

const [TOKEN, PAYLOAD] = ['a-secret-token', 'a-private-payload'];

const reader = (may: boolean): Caller => ({
  ofProject: null,
  face: null,
  project: 'default',
  isConfined: false,
  id: null,
  name: 'auditor',
  may: () => may,
  mayUse: () => true,
  isWelcome: () => true,
});

/** The event with a secret in each field that may hold one, at any depth. */
function withSecrets<T>(value: T, key = ''): T {
  if (key === 'token') return TOKEN as T;
  if (key === 'payload' || key === 'answer') return JsonText.of(PAYLOAD) as T;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value).map(([name, inner]): [string, unknown] => [
    name,
    withSecrets(inner, name),
  ]);
  return Object.fromEntries(fields) as T;
}

describe('An event in the API', () => {
  it.each(EVENT_TYPES)('%s shows no token, and payloads only to who may allocate', (type) => {
    const event = withSecrets(anEvent(type));
    const record = { id: '1', source: 's', event, state: { value: 'retired', context: blank } };
    const item = { kind: 'recorded', subject: 'slot.eu.a.1', sequence: 1, record } as const;
    const shown = (may: boolean) =>
      printJson(eventJson(item as Parameters<typeof eventJson>[0], reader(may)));
    const hasPayload = printJson(event).includes(PAYLOAD);
    expect(shown(true)).not.toContain(TOKEN);
    expect(shown(true).includes(PAYLOAD)).toBe(hasPayload);
    expect(shown(false)).not.toContain(TOKEN);
    expect(shown(false)).not.toContain(PAYLOAD);
  });
});
