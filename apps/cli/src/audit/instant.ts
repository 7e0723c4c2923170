import { InvalidArgumentError } from 'commander';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/;
const HAS_ZONE = /(Z|[+-]\d\d:\d\d)$/;

export const INSTANT_HELP =
  'a date and time as 2026-01-31T18:30:00Z, in UTC if it names no zone; or how long ago: 90s, 15m, 2h, 3d';

/**
 * Epoch ms of an instant as a person types it.
 *
 * @throws {InvalidArgumentError} it is none, or has not come yet
 */
export function instantOf(text: string, now = Date.now()): number {
  const at = ago(text, now) ?? dated(text);
  if (at === undefined || Number.isNaN(at))
    throw new InvalidArgumentError(`must be ${INSTANT_HELP}`);
  if (at > now) throw new InvalidArgumentError('has not come yet');
  return at;
}

export const instantText = (at: number) => new Date(at).toISOString();

function ago(text: string, now: number): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  return count === undefined
    ? undefined
    : now - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

function dated(text: string): number | undefined {
  if (!DATE.test(text)) return undefined;
  const isZoned = HAS_ZONE.test(text) || !text.includes('T');
  return Date.parse(isZoned ? text : `${text}Z`);
}
