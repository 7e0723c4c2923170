import type { LabelValues, Metrics } from '#metrics';
import type { Pool, SlotHead } from '#pool';
import { runOf, type SlotState } from '#slot';

/**
 * Number of build configurations and versions in one region with labels of their own; the rest are
 * `other`.
 */
export const RUNS_MAX = 200;

/** The slots of a region as this allocator knows them; all allocators report the same. */
export function slotMetrics(metrics: Metrics, fleets: LabelValues, runs: LabelValues) {
  const slots = metrics.gauge(
    'berth_slots',
    'Slots that are not retired, by state and by the build configuration that they run, or would run',
    ['region', 'fleet', 'build_configuration', 'version', 'state'],
  );
  const lost = metrics.gauge(
    'berth_slots_lost',
    'Slots that are not retired and whose agent is lost',
    ['region', 'fleet'],
  );
  const free = metrics.gauge('berth_slots_free', 'Slots that a request could get now', ['region']);
  const pools = new Map<string, Pool>();
  metrics.onScrape(() => {
    slots.reset();
    lost.reset();
    for (const [region, pool] of pools) {
      free.set({ region }, pool.counts.free);
      for (const group of countSlots(pool.slots.all)) {
        const { fleet, state, lost: isLost, count } = group;
        const run = runs.of(`${group.buildConfiguration}@${group.version}`);
        const [buildConfiguration = '', version = ''] = run.split('@');
        const at = { region, fleet: fleets.of(fleet) };
        slots.inc({ ...at, build_configuration: buildConfiguration, version, state }, count);
        if (isLost) lost.inc(at, count);
      }
    }
  });
  return (region: string, pool: Pool) => void pools.set(region, pool);
}

interface Group {
  readonly fleet: string;
  readonly buildConfiguration: string;
  readonly version: number;
  readonly state: string;
  readonly lost: boolean;
  count: number;
}

/** Counts equal slots in one pass, without building a string for each slot. */
function countSlots(slots: Iterable<SlotHead>): Iterable<Group> {
  const groups: Group[] = [];
  const known = new Map<string, Map<string, Group[]>>();
  for (const { state } of slots) {
    const name = stateName(state);
    if (name === null) continue;
    const { offer, process, agentLost: lost } = state.context;
    const { buildConfiguration = '', version = 0 } = process ?? runOf(state) ?? {};
    const fleet = offer?.fleet ?? '';
    const alike = entryIn(entryIn(known, fleet, newMap), name, () => []);
    const isSame = (group: Group) =>
      group.version === version && group.buildConfiguration === buildConfiguration;
    const found = alike.find((group) => group.lost === lost && isSame(group));
    if (found !== undefined) found.count += 1;
    else {
      const group = { fleet, buildConfiguration, version, state: name, lost, count: 1 };
      alike.push(group);
      groups.push(group);
    }
  }
  return groups;
}

const newMap = () => new Map<string, Group[]>();

function entryIn<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/**
 * One word for each state: `warm`, `live`, `drained`; null if the slot is retired or not
 * registered.
 */
function stateName({ value }: SlotState): string | null {
  if (typeof value === 'string') {
    return value === 'retired' || value === 'unregistered' ? null : value;
  }
  return 'available' in value ? value.available : value.allocated;
}
