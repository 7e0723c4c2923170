import { describe, expect, it } from '@jest/globals';
import type { eventAnswer } from '#http-api';
import type { z } from 'zod';
import { Api } from './api.js';
import { EventTicker } from './event-ticker.js';
import { screenOf } from './top.command.js';

const NOW = 1_700_000_000_000;

const event = (type: string, reason = '') =>
  ({
    ...{ sequence: 1, slot: 'eu.host-1.3', type, state: 'available', at: NOW, by: 'operator' },
    ...{ region: 'eu', data: { type, at: NOW, reason } },
  }) as unknown as z.output<typeof eventAnswer>;

const aTicker = () => new EventTicker(new Api('http://127.0.0.1:1'));

describe('The events of `berth top`', () => {
  it('are counted by type over ten seconds, and then forgotten', () => {
    const ticker = aTicker();
    for (let second = 0; second < 20; second += 1) {
      ticker.take(event('ProcessStarted'), NOW + second * 1_000);
      ticker.take(event('ProcessStarted'), NOW + second * 1_000);
      ticker.take(event('SlotRegistered'), NOW + second * 1_000);
    }
    expect(ticker.rates(NOW + 19_000)).toEqual([
      ['ProcessStarted', 2],
      ['SlotRegistered', 1],
    ]);
    expect(ticker.rates(NOW + 60_000)).toEqual([]);
  });

  it('fit into the screen, the latest first, with no control character of a game', () => {
    const ticker = aTicker();
    for (let count = 1; count <= 200; count += 1) ticker.take(event(`Number${count}`), NOW);
    ticker.take(event('SlotRetired', `\u001b[2Jgone ${'x'.repeat(200)}`), NOW);
    const screen = screenOf(['Berth 1'], { ...ticked(ticker), trouble: null }, size, NOW);
    const lines = screen.split('\n');
    expect(lines.length).toBeLessThan(size.rows);
    expect(Math.max(...lines.map(({ length }) => length))).toBe(size.columns);
    const first = lines.findIndex((line) => line.includes('SlotRetired  '));
    expect(lines[first]).toContain('\\u001b[2Jgone');
    expect(lines[first + 1]).toContain('Number200');
  });

  it('are said to be stale while nothing is heard', () => {
    const screen = screenOf(['Berth 1'], aTicker(), size, NOW);
    expect(screen).toContain('No event within 10 s.');
    expect(screen).toContain('STALE: not connected yet');
  });
});

const size = { columns: 80, rows: 24 };

function ticked(ticker: EventTicker) {
  return { latest: ticker.latest, rates: (nowMs: number) => ticker.rates(nowMs) };
}
