import { timeOf } from '../words.js';

/** An instant (epoch ms): the time of day, with the date if that is not today's. */
export function Instant({ at }: { readonly at: number | null | undefined }) {
  if (at === null || at === undefined) return null;
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const day = date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  return (
    <time dateTime={date.toISOString()} title={date.toLocaleString()}>
      {isToday ? timeOf(at) : `${day}, ${timeOf(at)}`}
    </time>
  );
}
