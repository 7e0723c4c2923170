import { describe, expect, it } from '@jest/globals';
import { phase, recovery, sayPhase, type Ending } from './phases.js';

describe('A phase of an overload', () => {
  it('counts how each request ended', async () => {
    let asked = 0;
    const endings: readonly Ending[] = ['granted', 'shed', 'granted', 'silent'];
    const measured = await phase(async () => endings[asked++ % 4] ?? 'silent', 400, 0.1);
    expect(measured).toMatchObject({ granted: 20, shed: 10, silent: 10, perSecond: 200 });
    expect(sayPhase('now', measured)).toMatch(/^now: 20 granted \(200\/s\), 10 shed, 10 silent/);
  });

  it('is over once requests are granted as fast as before', async () => {
    const before = await phase(async () => 'granted', 100, 0.1);
    const usual = { ...before, p50: 1_000 };
    const busyUntil = performance.now() + 700;
    const ask = async () => (performance.now() < busyUntil ? 'shed' : 'granted') as Ending;
    const after = await recovery(ask, 100, usual);
    expect(after).toBeGreaterThan(0.6);
    expect(after).toBeLessThan(5);
  }, 20_000);
});
