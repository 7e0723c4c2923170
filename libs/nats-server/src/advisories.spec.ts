import { describe, expect, it } from '@jest/globals';
import { advisoriesOf, advisoryText } from './advisories.js';

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

  it('with weaknesses is described with what they are, and where they are fixed', () => {
    expect(advisoryText('2.11.15')).toMatch(
      /^nats-server 2\.11\.15 has known weaknesses; 2\.11\.16, 2\.12\.7, 2\.14\.0 or newer .*CVE-2026-58251/,
    );
    expect(advisoryText('2.14.5')).toBeUndefined();
  });
});
