import { filterOf } from '../../route.js';
import type { SlotEvent } from '../../types.js';
import { durationOf, timeOf } from '../../words.js';
import { statesAfter } from './states-after.js';

/** Width of the drawing, in its own units; it is as wide as the page. */
const WIDTH = 1_000;

/** A state that lasted less than this share of the time is drawn wider, so that it can be seen. */
const WIDTH_MIN = 1.5;

interface Bar {
  readonly state: string;
  readonly from: number;
  readonly to: number;
}

/** The states of a slot as bars, as long as they lasted; the last one until now. */
export function Bars({ events }: { readonly events: readonly SlotEvent[] }) {
  const bars = barsOf(events, Date.now());
  const [start, end] = [bars[0]?.from ?? 0, bars.at(-1)?.to ?? 1];
  const x = (at: number) => ((at - start) / Math.max(1, end - start)) * WIDTH;
  const at = Number(filterOf('at'));
  const states = [...new Set(bars.map(({ state }) => state))];
  return (
    <figure class="bars">
      <svg
        viewBox={`0 0 ${WIDTH} 24`}
        preserveAspectRatio="none"
        role="img"
        aria-label="States over time"
      >
        {bars.map(({ state, from, to }) => (
          <rect
            key={from}
            class={`bar ${state}`}
            x={x(from)}
            y={0}
            width={Math.max(WIDTH_MIN, x(to) - x(from))}
            height={24}
          >
            <title>{`${state} for ${durationOf(to - from)}, from ${timeOf(from)}`}</title>
          </rect>
        ))}
        {at > 0 && <rect class="marker" x={x(at) - 1} y={0} width={3} height={24} />}
      </svg>
      <figcaption>
        {states.map((state) => (
          <span class={`state ${state}`}>{state} </span>
        ))}
      </figcaption>
    </figure>
  );
}

function barsOf(events: readonly SlotEvent[], now: number): readonly Bar[] {
  const states = statesAfter(events);
  const bars: Bar[] = [];
  for (const [index, event] of events.entries()) {
    const state = states[index];
    const before = bars.at(-1);
    if (!('state' in event) || state === undefined || before?.state === state) continue;
    if (before !== undefined) bars[bars.length - 1] = { ...before, to: event.at };
    bars.push({ state, from: event.at, to: now });
  }
  return bars;
}
