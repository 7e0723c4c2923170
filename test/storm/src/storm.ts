import type { Choice } from '#http-api';
import { NatsBus } from '#jetstream';
import { SeededRandom } from '#memory';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAnswers, tally } from './answers.js';
import { connectTo, untilAllAvailable } from './calm.js';
import { recompute, unexplained } from './choices.js';
import { readDiary } from './diary.js';
import { Filler } from '../../contracts/src/full-store.js';
import { Faults } from './faults.js';
import { Inspector, type Grant, type Violation } from './inspector.js';
import type { MatchmakerProgress } from './matchmaker.js';
import type { Plan } from './options.js';
import { REGION } from './play.js';
import { readStoredLog } from './stored-log.js';
import { checkRecovery, recoveryOf, type Recovery } from './standstill.js';
import { withClearTokens } from './tokens.js';
import { lastRelease, THIS } from '../../versions/src/release.js';
import { MetricsWatch } from './metrics-watch.js';
import { ReadinessWatch } from './readiness.js';
import { startServers, STUBS, World, type Tree } from './world.js';

const ALLOCATORS = 3;
const MATCHMAKERS = 2;
const TELL_MS = 2_000;

/** The results of a storm. */
export interface Outcome {
  readonly requests: number;
  readonly questions: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly kills: number;
  /** How often allocators said that they are ready, and how often not. */
  readonly readiness: ReadonlyMap<string, number>;
  /** Choices that were computed anew. */
  readonly choices: readonly Choice[];
  /** How many metrics had a value, by service. */
  readonly metrics: ReadonlyMap<string, number>;
  /** Ends of services that no fault had caused. */
  readonly failures: ReadonlyMap<string, number>;
  /** Failed starts, which occur while nats-server is away. */
  readonly failedStarts: ReadonlyMap<string, number>;
  /** The recoveries of allocators that stood still for long. */
  readonly recoveries: readonly Recovery[];
  readonly ends: ReadonlyMap<string, number>;
  readonly events: number;
  readonly slots: number;
  /** Time from the end of the faults until all slots were available (ms); null: they never were. */
  readonly calmMs: number | null;
  readonly violations: readonly Violation[];
}

/** Runs the whole storm: a world, faults, calm, and the inspection of the log. */
export async function storm(
  plan: Plan,
  folder: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Outcome> {
  const random = new SeededRandom(plan.seed);
  const servers = await startServers(folder, plan);
  const requestsPerSecond = plan.requestsPerSecond / MATCHMAKERS;
  const seeds = Array.from({ length: MATCHMAKERS }, () => Math.floor(random.fraction() * 2 ** 31));
  const matchmakers = seeds.map((seed) => ({ seed, requestsPerSecond }));
  const trees = await treesOf(plan);
  const anyTree = () => trees[Math.floor(random.fraction() * trees.length)] ?? THIS;
  // Agents without games remember nothing of what the log has lost.
  const stubs = plan.putBack ? 0 : STUBS;
  // Version 0.2.0 cannot read what is encrypted.
  const counts = { allocators: ALLOCATORS, stubs, matchmakers, encrypts: !plan.mixed };
  const world = new World(folder, servers, counts, anyTree);
  try {
    const [server] = servers;
    say(`nats-server ${server?.version}, ${servers.length} of them; ${world.slots} slots`);
    await interruptible(world.start(), signal);
    const connection = await connectTo(world);
    await untilAllAvailable(connection, world.slots, signal);
    const filler = new Filler(connection, servers.length);
    const faults = new Faults(world, random, plan, filler);
    const readiness = new ReadinessWatch(portsOf(world));
    void readiness.watch();
    const metrics = new MetricsWatch({ ports: world.metricsPorts, gateway: world.gatewayUrl });
    void metrics.watch();
    const progress = followProgress(world, faults, say);
    await interruptible(blow(plan, world, faults, signal), signal);
    say('calm');
    await interruptible(finishMatchmakers(world), signal);
    const calmMs = await untilAllAvailable(connection, world.slots, signal);
    const inspector = await inspect(connection);
    const grants = await withClearTokens(new NatsBus(connection), inspector.grants);
    const choices = await recompute(connection, inspector.claims, random);
    readiness.stop();
    metrics.stop();
    const unready = [...readiness.untrue(faults.outages), ...(await readiness.unready())];
    progress.stop();
    await connection.close();
    const outcome = outcomeOf(world, faults, { inspector, grants }, progress.sum(), calmMs);
    const unseen = isWhole(plan) ? metrics.violations : [];
    const unlike = unexplained(choices);
    const violations = [...outcome.violations, ...unready, ...unseen, ...unlike];
    const { counts: metricsSeen } = metrics;
    return { ...outcome, violations, readiness: readiness.counts, choices, metrics: metricsSeen };
  } finally {
    await world.stop();
  }
}

/** Whether the storm is long enough, and has every part, for each metric to have a value. */
function isWhole({ minutes, mixed, putBack }: Plan): boolean {
  return minutes >= 1 && !mixed && !putBack;
}

async function treesOf({ mixed }: Plan): Promise<readonly Tree[]> {
  if (!mixed) return [THIS];
  const last = await lastRelease();
  if ('missing' in last) throw new Error(last.missing);
  return [THIS, last];
}

function portsOf(world: World): ReadonlyMap<string, number> {
  const names = world.allocators.map(({ name }) => name);
  return new Map(names.map((name) => [name, world.metricsPorts.get(name) ?? 0]));
}

async function blow({ minutes }: Plan, world: World, faults: Faults, signal: AbortSignal) {
  await Promise.all(world.matchmakers.map((matchmaker) => matchmaker.start()));
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, minutes * 60_000);
  signal.addEventListener('abort', end);
  await faults.rage(over.signal);
  clearTimeout(timer);
}

/** The matchmakers resume open requests, and end by themselves. */
async function finishMatchmakers({ matchmakers }: World): Promise<void> {
  for (const matchmaker of matchmakers) matchmaker.send({ finish: true });
  await Promise.all(matchmakers.map((matchmaker) => matchmaker.ended()));
}

async function inspect(connection: Awaited<ReturnType<typeof connectTo>>): Promise<Inspector> {
  const inspector = new Inspector();
  for await (const stored of readStoredLog(connection, REGION)) inspector.take(stored);
  inspector.finish();
  return inspector;
}

interface Inspected {
  readonly inspector: Inspector;
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
}

function outcomeOf(
  world: World,
  faults: Faults,
  { inspector, grants }: Inspected,
  { requests, questions }: MatchmakerProgress,
  calmMs: number | null,
): Omit<Outcome, 'readiness' | 'metrics' | 'choices'> {
  const entries = world.diaries.flatMap(readDiary);
  const { services, allocators } = world;
  const failed = services.filter(({ failures }) => failures > 0);
  const late = services.filter(({ failedStarts }) => failedStarts > 0);
  const recovered = faults.standstills.map((one) => ({ one, recovery: recoveryOf(one) }));
  // An allocator ends whenever the log has gone back.
  const ended = failed.filter(
    (service) => allocators.includes(service) && faults.lostTimes.length === 0,
  );
  return {
    requests,
    questions,
    faults: faults.counts,
    kills: faults.kills,
    failures: new Map(failed.map(({ name, failures }) => [name, failures])),
    failedStarts: new Map(late.map(({ name, failedStarts }) => [name, failedStarts])),
    recoveries: recovered.flatMap(({ recovery }) => recovery ?? []),
    ends: tally(entries),
    events: inspector.events,
    slots: inspector.slots,
    calmMs,
    violations: [
      ...inspector.violations,
      ...checkAnswers(entries, grants, faults.lostTimes),
      ...recovered.flatMap(({ one, recovery }) => checkRecovery(one, recovery)),
      ...ended.map(({ name }) => ({ kind: 'ended' as const, text: `${name} ended by itself` })),
    ],
  };
}

function followProgress(world: World, faults: Faults, say: (line: string) => void) {
  const latest = new Map<string, MatchmakerProgress>();
  for (const matchmaker of world.matchmakers) {
    matchmaker.onMessage((message) => {
      if (typeof message === 'object') latest.set(matchmaker.name, message as MatchmakerProgress);
    });
  }
  const startedAt = Date.now();
  const sum = (): MatchmakerProgress =>
    [...latest.values()].reduce(
      (one, other) => ({
        requests: one.requests + other.requests,
        questions: one.questions + other.questions,
        open: one.open + other.open,
      }),
      { requests: 0, questions: 0, open: 0 },
    );
  const timer = setInterval(() => {
    const { requests, open } = sum();
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    say(`${seconds} s: ${requests} requests, ${open} open, ${faults.kills} kills`);
  }, TELL_MS);
  return { sum, stop: () => clearInterval(timer) };
}

/** Stops waiting when the signal comes; the work itself ends with the world. */
async function interruptible<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  work.catch(() => undefined);
  const interrupted = sleep(2 ** 31 - 1, undefined, { signal, ref: false });
  return (await Promise.race([work, interrupted])) as Value;
}
