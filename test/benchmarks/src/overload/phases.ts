import { askAtRate } from '../asking.js';
import { percentile } from '../measure.js';

/** How a request ended for whoever asked. */
export type Ending = 'granted' | 'shed' | 'silent';

type Ask = (id: string) => Promise<Ending>;

interface Phase {
  readonly granted: number;
  /** Answered with a refusal. */
  readonly shed: number;
  /** Not answered in time. */
  readonly silent: number;
  readonly seconds: number;
  /** Granted requests that were due in this time, for each second of it. */
  readonly perSecond: number;
  /** Of the granted ones (ms). */
  readonly p50: number;
  readonly p99: number;
}

/** Asks at a fixed rate, whatever becomes of earlier requests. */
export async function phase(ask: Ask, perSecond: number, seconds: number): Promise<Phase> {
  const counts = { granted: 0, shed: 0, silent: 0 };
  const counted = async (id: string) => {
    const ending = await ask(id);
    counts[ending] += 1;
    return ending === 'granted';
  };
  const { latencies } = await askAtRate(counted, perSecond, Math.round(perSecond * seconds));
  latencies.sort();
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return { ...counts, seconds, perSecond: counts.granted / seconds, p50, p99 };
}

/**
 * How long after an overload requests are served as before it (s): the first of the half seconds
 * after which all is granted, and the median is at most twice what it was. Infinity: in none of them.
 */
export async function recovery(ask: Ask, perSecond: number, before: Phase): Promise<number> {
  const LOOK_S = 0.5;
  const began = performance.now();
  for (let look = 0; look < 20; look += 1) {
    const since = (performance.now() - began) / 1_000;
    const { shed, silent, p50 } = await phase(ask, perSecond, LOOK_S);
    if (shed + silent === 0 && p50 <= 2 * before.p50) return since;
  }
  return Infinity;
}

export function sayPhase(name: string, { granted, shed, silent, perSecond, p50, p99 }: Phase) {
  const times = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  const counts = `${granted} granted (${perSecond.toFixed(0)}/s), ${shed} shed, ${silent} silent`;
  return `${name}: ${counts}; ${times}`;
}
