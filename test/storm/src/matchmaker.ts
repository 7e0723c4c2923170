/** A matchmaker in a process of its own: asks for servers all through the storm, and keeps a diary. */
import { SystemClock } from '#service-runtime';
import { SeededRandom } from '#memory';
import { Asker } from './asker.js';
import { drawErrand, type Errand } from './habits.js';

export interface MatchmakerParameters {
  readonly servers: string;
  readonly diary: string;
  readonly seed: number;
  readonly requestsPerSecond: number;
}

/** What a matchmaker tells the storm. */
export interface MatchmakerProgress {
  readonly requests: number;
  readonly questions: number;
  readonly open: number;
}

const TICK_MS = 20;
const TELL_MS = 500;

/** Requests under way at most: after an outage it catches up no faster. */
const OPEN_MAX = 1_000;

/** Times an impatient one asks, and times an open request is taken up again when all is calm. */
const IMPATIENCE_MAX = 6;
const RESOLVE_MAX = 10;
const RESOLVED_AT_ONCE = 64;
/** What was sent before the calm must have arrived before anybody asks what became of it (ms). */
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
    const errand = run(id, drawErrand(random)).finally(() => underWay.delete(errand));
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

/** The storm is over: what is open is taken up again, until nothing is. */
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

/** Some want their server after all, some want to be rid of it. */
function resolve(id: string): Promise<unknown> {
  if (random.fraction() < 0.5) return asker.deallocate(id);
  return asker.allocate(id, { fleet: 'stub', payload: { play: 'exit', playMs: 100 }, waitMs: 0 });
}

function tell(): void {
  const { questions, open } = asker;
  process.send?.({ requests, questions, open: open.length } satisfies MatchmakerProgress);
}
