import { describe, expect, it } from '@jest/globals';
import { advisoriesOf, checkWeaknesses, ServerUnsafe } from './advisories.js';

describe('A version of nats-server', () => {
  it.each([
    ['2.11.0', 8],
    ['2.11.6', 7],
    ['2.11.15', 2],
    ['2.11.16', 0],
    ['2.12.0', 7],
    ['2.12.6', 2],
    ['2.12.7', 0],
    ['2.13.0', 2],
    ['2.14.0-RC.1', 2],
    ['2.14.0', 0],
    ['2.15.1', 0],
    ['3.0.0', 0],
    ['unreadable', 8],
  ])('%s has %i known weaknesses', (version, count) => {
    expect(advisoriesOf(version)).toHaveLength(count);
  });

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])(
    'with weaknesses is used at %s, with what they are and where they are fixed',
    (host) => {
      expect(checkWeaknesses('2.11.15', host)).toMatch(
        /^nats-server 2\.11\.15 has known weaknesses; 2\.11\.16, 2\.12\.7, 2\.14\.0 or newer .*CVE-2026-58251.* loopback$/,
      );
    },
  );

  it.each(['10.0.0.4', 'nats.example', '127.example', 'localhost.example', '2001:db8::1'])(
    'with weaknesses is refused at %s, one without is not',
    (host) => {
      expect(() => checkWeaknesses('2.11.6', host)).toThrow(ServerUnsafe);
      expect(() => checkWeaknesses('2.11.6', host)).toThrow('CVE-2026-33249');
      expect(checkWeaknesses('2.14.5', host)).toBeUndefined();
    },
  );
});
