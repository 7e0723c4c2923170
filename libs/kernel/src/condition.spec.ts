import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '#memory';
import { Condition } from './condition.js';

describe('A condition', () => {
  const clock = new ManualClock();
  const lines: unknown[] = [];
  const write = (level: string) => (fields: object, text: string) =>
    void lines.push([level, fields, text]);
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const condition = new Condition(log, clock, {
    ...{ begins: 'nothing is stored', ends: 'it stores again' },
    fields: { region: 'eu' },
  });

  it('is logged when it begins, for each further reason, and when it is over', () => {
    condition.pass();
    expect(lines).toEqual([]);
    for (let tries = 0; tries < 35; tries += 1) condition.fail('full', { bytes: tries });
    condition.fail('away');
    condition.fail('full');
    expect(condition.isOn).toBe(true);
    clock.advance(2_000);
    condition.pass();
    condition.pass();
    expect(lines).toEqual([
      ['warn', { region: 'eu', reason: 'full', bytes: 0 }, 'nothing is stored'],
      ['warn', { region: 'eu', reason: 'away' }, 'nothing is stored'],
      ['info', { region: 'eu', lastedMs: 2_000, times: 37 }, 'it stores again'],
    ]);
  });

  it('is logged again when it begins again', () => {
    lines.length = 0;
    condition.fail('full');
    expect(lines).toHaveLength(1);
  });

  it('is over only after a calm time, if one is set: what fails at times is not logged each time', () => {
    lines.length = 0;
    const texts = { begins: 'some fail', ends: 'none fails', calmMs: 10_000 };
    const flapping = new Condition(log, clock, texts);
    for (let second = 0; second < 60; second += 1) {
      flapping.fail('broken');
      clock.advance(1_000);
      flapping.pass();
    }
    expect(lines).toEqual([['warn', { reason: 'broken' }, 'some fail']]);
    clock.advance(9_000);
    flapping.pass();
    expect(lines.at(-1)).toEqual(['info', { lastedMs: 69_000, times: 60 }, 'none fails']);
  });
});
