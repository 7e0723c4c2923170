import { LogRefused, NotPermitted, type LogItem } from '#kernel';
import {
  isAskedBy,
  settingChange,
  type AskerFilter,
  type EventRecord,
  type SettingChange,
} from '#wire';
import type { GatewayDeps } from '../../gateway-deps.js';
import { SETTING_PLACES, type SettingLog, type SettingLogs } from './setting-logs.js';

/** Events are dated before they are stored, by a clock that may be ahead by so much (ms). */
const AHEAD_MS_MAX = 10_000;

interface Wanted extends AskerFilter {
  /** From this instant on; epoch ms. */
  readonly since?: number | undefined;
  /** Before this instant; epoch ms. */
  readonly until?: number | undefined;
  /** So many of the oldest are wanted. */
  readonly limit: number;
}

/** Finds what people have set, in the histories of fleets, configurations, builds and policies. */
export class SettingChanges {
  private readonly opened = new Map<string, Promise<SettingLogs>>();

  constructor(private readonly deps: Pick<GatewayDeps, 'openSettings'>) {}

  /**
   * The changes behind an instant, oldest first; more than `limit` where there are more. Null where
   * permissions on NATS do not let them be read. Throws `TransientError`.
   *
   * @param behind epoch ms; -1: all
   */
  async find(
    region: string,
    wanted: Wanted,
    behind: number,
  ): Promise<readonly SettingChange[] | null> {
    try {
      const logs = Object.entries(await this.logsOf(region));
      const found = logs.map(([setting, log]) =>
        changesIn(setting as SettingChange['setting'], log, region, wanted, behind),
      );
      return (await Promise.all(found)).flat().sort((one, other) => one.at - other.at);
    } catch (error) {
      if (error instanceof NotPermitted || error instanceof LogRefused) return null;
      throw error;
    }
  }

  private logsOf(region: string): Promise<SettingLogs> {
    const opened = this.opened.get(region) ?? this.deps.openSettings(region);
    this.opened.set(region, opened);
    opened.catch(() => this.opened.delete(region));
    return opened;
  }
}

async function changesIn(
  setting: SettingChange['setting'],
  log: SettingLog,
  region: string,
  wanted: Wanted,
  behind: number,
): Promise<readonly SettingChange[]> {
  const { since = 0, until = Infinity, limit } = wanted;
  const place = SETTING_PLACES[setting];
  const first = Math.max(since, behind + 1);
  const found: SettingChange[] = [];
  const from = { at: Math.max(0, first - AHEAD_MS_MAX) };
  for await (const item of log.read(place.filter(region), from)) {
    const change = changeOf(setting, place.idOf(item.subject), item);
    if (change === undefined || change.at < first) continue;
    // What was done at the same instant stays together: the next page begins behind it.
    const isMore = found.length > limit && change.at > (found.at(-1)?.at ?? 0);
    if (change.at >= until || isMore) break;
    if (isAskedBy(change.by, wanted)) found.push(change);
  }
  return found;
}

/** Undefined where nobody asked for the event, or where it cannot be read. */
function changeOf(
  setting: SettingChange['setting'],
  id: string,
  item: LogItem<EventRecord<{ readonly type: string }, unknown>>,
): SettingChange | undefined {
  if (item.kind === 'unreadable') return undefined;
  const { event } = item.record;
  const told = { ...event, event: event.type, setting, id, sequence: item.sequence };
  return settingChange.safeParse(told).data;
}
