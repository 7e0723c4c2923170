import { InvalidArgumentError } from 'commander';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Ten years. A token that must last longer can be made without expiry. */
const LIFETIME_MAX_MS = 3_650 * UNIT_MS.d;

/** Milliseconds of `90d`, `12h` or `30m`. */
export function lifetimeMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (ms > 0 && ms <= LIFETIME_MAX_MS) return ms;
  throw new InvalidArgumentError(
    'must be minutes, hours or days, as 30m, 12h or 90d; 3650d at most',
  );
}
