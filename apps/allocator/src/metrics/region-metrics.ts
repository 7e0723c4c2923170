import { TransientError, type EventLog } from '#kernel';
import type { LabelValues, Metrics } from '#metrics';
import { fleetNamed, type SlotRecord } from '#wire';
import type { Allocator } from '../allocator.js';

/** The state of an allocator's work in each region, and of the region's log and fleets. */
export function regionMetrics(metrics: Metrics, fleets: LabelValues) {
  const gauges = gaugesIn(metrics);
  const allocators = new Map<string, Allocator>();
  metrics.onScrape(async () => {
    gauges.rollout.reset();
    for (const [region, allocator] of allocators) {
      readWork(gauges, region, allocator);
      readFleets(gauges, region, allocator, fleets);
    }
    await Promise.all(
      [...allocators].map(([region, allocator]) => readLog(gauges, region, allocator)),
    );
  });
  return (allocator: Allocator) => void allocators.set(allocator.region, allocator);
}

type Gauges = ReturnType<typeof gaugesIn>;

function gaugesIn(metrics: Metrics) {
  const gauge = (name: string, help: string) => metrics.gauge(name, help, ['region']);
  const counter = (name: string, help: string) => metrics.counter(name, help, ['region']);
  return {
    ready: gauge('berth_allocator_ready', '1 if requests are served, 0 if not'),
    waiting: gauge('berth_requests_waiting', 'Requests that wait for a slot at this allocator'),
    open: gauge('berth_requests_open', 'Requests that this allocator has not answered yet'),
    remembered: gauge('berth_ids_remembered', 'Ids of ended sessions, and of failures, in memory'),
    silence: gauge('berth_log_silence_seconds', 'Time since the log was last heard'),
    read: gauge('berth_log_read_sequence', 'Sequence up to which this allocator has read the log'),
    end: gauge('berth_log_end_sequence', 'Last sequence of the log'),
    archive: gauge(
      'berth_archive_end_sequence',
      'Sequence up to which the archive has copied the log',
    ),
    duplicates: counter(
      'berth_duplicate_allocations_total',
      'Allocations found on two slots; must stay 0',
    ),
    missed: counter('berth_refusal_records_missed_total', 'Refusals that were not recorded'),
    forgotten: counter(
      'berth_ids_forgotten_early_total',
      'Ids forgotten before their time, because too many had ended',
    ),
    agents: metrics.gauge('berth_agents', 'Agents with slots, by whether their heartbeats arrive', [
      'region',
      'state',
    ]),
    rollout: metrics.gauge(
      'berth_rollout_slots',
      'Slots of a fleet, by the progress of their rollout',
      [...(['region', 'fleet', 'progress'] as const)],
    ),
  };
}

function readWork(gauges: Gauges, region: string, allocator: Allocator): void {
  const { pool, feeder, claims } = allocator;
  const { remembered } = pool.allocations;
  const { sequence, silentMs } = feeder.progress;
  gauges.ready.set({ region }, allocator.unservedBecause() === null ? 1 : 0);
  gauges.waiting.set({ region }, allocator.waiting);
  gauges.open.set({ region }, claims.open);
  gauges.remembered.set({ region }, remembered.ids);
  gauges.silence.set({ region }, silentMs / 1_000);
  gauges.read.set({ region }, sequence);
  const counts = [
    [gauges.duplicates, allocator.doubles],
    [gauges.missed, allocator.refusals.missed],
    [gauges.forgotten, remembered.forgottenEarly],
  ] as const;
  for (const [counter, count] of counts) {
    counter.remove({ region });
    counter.inc({ region }, count);
  }
  const agents = { present: 0, lost: 0 };
  for (const name of pool.agents.names) {
    agents[pool.agents.isCordoned(name) ? 'lost' : 'present'] += 1;
  }
  for (const state of ['present', 'lost'] as const) {
    gauges.agents.set({ region, state }, agents[state]);
  }
}

function readFleets(
  { rollout }: Gauges,
  region: string,
  allocator: Allocator,
  fleets: LabelValues,
): void {
  const answer = allocator.fleets.list({ region });
  if (answer.status !== 'fleets') return;
  for (const { id, rollout: counts } of answer.fleets) {
    if (counts === null) continue;
    const fleet = fleets.of(fleetNamed(id)?.fleet ?? '');
    for (const progress of ['done', 'changing', 'waiting', 'failed'] as const) {
      rollout.inc({ region, fleet, progress }, counts[progress]);
    }
  }
}

async function readLog(gauges: Gauges, region: string, { logs }: Allocator): Promise<void> {
  const ends = [[gauges.end, logs.log] as const, [gauges.archive, logs.archive] as const];
  for (const [gauge, log] of ends) {
    const end = log && (await endOf(log));
    if (end === undefined) gauge.remove({ region });
    else gauge.set({ region }, end);
  }
}

/** Undefined if the server does not answer now: a missing metric is better than a wrong one. */
async function endOf(log: EventLog<SlotRecord>): Promise<number | undefined> {
  try {
    return await log.end();
  } catch (error) {
    if (error instanceof TransientError) return undefined;
    throw error;
  }
}
