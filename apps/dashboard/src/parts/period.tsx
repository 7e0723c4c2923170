import { filterOf } from '../route.js';
import { ChoiceFilter } from './filters.js';

const HOUR_MS = 3_600_000;

/** By the value in the address: how far a list goes back (ms), and how it is called. */
const PERIODS: Readonly<Record<string, readonly [ms: number, text: string]>> = {
  hour: [HOUR_MS, 'the last hour'],
  '': [24 * HOUR_MS, 'the last day'],
  week: [7 * 24 * HOUR_MS, 'the last week'],
  month: [30 * 24 * HOUR_MS, 'the last 30 days'],
  all: [Infinity, 'all that is kept'],
};

/** Chooses how far back a list goes. */
export function PeriodFilter() {
  const choices = Object.entries(PERIODS).map(([value, [, text]]) => [value, text] as const);
  return <ChoiceFilter name="period" title="Time" choices={choices} />;
}

/** The instant (epoch ms) from which on the list is wanted. */
export function sinceOf(now: number): number {
  const [ms] = PERIODS[filterOf('period')] ?? [Infinity];
  return Math.max(0, now - ms);
}
