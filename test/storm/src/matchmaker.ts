/** A matchmaker in its own process: asks for servers during the whole storm, and keeps a diary. */
import { SystemClock } from '#service-runtime';
import { SeededRandom } from '#memory';
import { Asker } from './asker.js';
import { drawErrand, type Errand } from './habits.js';

export interface MatchmakerParameters {
  readonly servers: string;
  readonly diary: string;
  readonly seed: number;
  readonly requestsPerSecond: number;
  /** Whether there are slots without games, which get most of the requests. */
  readonly hasStubs: boolean;
}

/** The progress that a matchmaker reports to the storm. */
export interface MatchmakerProgress {
  readonly requests: number;
  readonly questions: number;
  readonly open: number;
}

const TICK_MS = 20;
const TELL_MS = 500;

/** Greatest number of requests under way, which also limits the catching up after an outage. */
const OPEN_MAX = 1_000;

/**
 * How often an impatient matchmaker asks, and how often an open request is resumed when all is
 * calm.
 */
const IMPATIENCE_MAX = 6;
const RESOLVE_MAX = 10;
const RESOLVED_AT_ONCE = 64;
/** Messages sent before the calm must have arrived before the open requests are resumed (ms). */
const SETTLE_MS = 3_000;

const parameters = JSON.parse(process.argv[2] ?? '{}') as MatchmakerParameters;
const clock = new SystemClock();
const random = new SeededRandom(parameters.seed);
const asker = await Asker.connect(parameters);
const underWay = new Set<Promise<void>>();
const startedAt = clock.now();
let requests = 0;

process.once('disconnect', () => process.exit());
process.once('message', () => void finish());
const stopAsking = clock.every(TICK_MS, ask);
const stopTelling = clock.every(TELL_MS, tell);
process.send?.('ready');

function ask(): void {
  const due = ((clock.now() - startedAt) / 1_000) * parameters.requestsPerSecond;
  while (requests < due && underWay.size < OPEN_MAX) {
    requests += 1;
    const id = `${parameters.seed}-${requests}`;
    const errand = run(id, drawErrand(random, parameters.hasStubs)).finally(() =>
      underWay.delete(errand),
    );
    underWay.add(errand);
  }
}

async function run(id: string, errand: Errand): Promise<void> {
  const { habit, pauseMs } = errand;
  switch (habit) {
    case 'patient':
      return void (await asker.allocate(id, errand));
    case 'leaver':
      return void (await asker.allocate(id, errand, pauseMs));
    case 'twin':
      return void (await Promise.all(
        [0, 1].map((door) => asker.allocate(id, errand, undefined, door)),
      ));
    case 'impatient':
      for (let tries = 0; tries < IMPATIENCE_MAX && asker.isOpen(id, tries); tries += 1) {
        await asker.allocate(id, errand, pauseMs * (tries + 1));
      }
      return;
    case 'releaser':
    case 'returner':
      await asker.allocate(id, errand);
      await clock.sleep(pauseMs);
      return void (await (habit === 'releaser'
        ? asker.deallocate(id)
        : asker.allocate(id, errand)));
    default:
      return habit satisfies never;
  }
}

/** The storm is over: resumes open requests until none is left. */
async function finish(): Promise<void> {
  stopAsking();
  await Promise.all(underWay);
  await clock.sleep(SETTLE_MS);
  for (let tries = 0; tries < RESOLVE_MAX && asker.open.length > 0; tries += 1) {
    const left = [...asker.open];
    const resolveOn = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await resolve(id);
    };
    await Promise.all(Array.from({ length: RESOLVED_AT_ONCE }, resolveOn));
  }
  stopTelling();
  tell();
  await asker.close();
  process.disconnect();
}

/** Half of the time requests the server after all, otherwise gives it up. */
function resolve(id: string): Promise<unknown> {
  if (random.fraction() < 0.5) return asker.deallocate(id);
  return asker.allocate(id, {
    fleet: parameters.hasStubs ? 'stub' : 'http',
    payload: { play: 'exit', playMs: 100 },
    waitMs: 0,
  });
}

function tell(): void {
  const { questions, open } = asker;
  process.send?.({ requests, questions, open: open.length } satisfies MatchmakerProgress);
}
