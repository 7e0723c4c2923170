import type { LoadParameters } from './load.js';
import { medianOf, type Measurement } from './measure.js';
import type { Plan } from './options.js';
import type { RunningTarget, Target } from './target.js';
import { startWorker } from './worker.js';

/** What was measured of one target at one concurrency: the median of its rounds. */
export interface Result {
  readonly target: string;
  readonly concurrency: number;
  readonly measurement: Measurement;
}

/** What a measurement is of, told as it begins. */
export type Progress = (round: number, target: string, concurrency: number) => void;

/**
 * Measures all targets on one server. They take turns, A B A B, so that whatever else the machine
 * does meanwhile disturbs all alike.
 *
 * @throws an `Error` if a worker fails or the signal ends it; nothing is left running
 */
export async function measureTargets(
  targets: readonly Target[],
  natsUrl: string,
  plan: Plan,
  progress: Progress,
  signal: AbortSignal,
): Promise<Result[]> {
  const running: RunningTarget[] = [];
  try {
    for (const target of targets) running.push(await target.start(natsUrl));
    return await measureRounds(targets, natsUrl, plan, progress, signal);
  } finally {
    await Promise.all(running.map((target) => target.stop()));
  }
}

async function measureRounds(
  targets: readonly Target[],
  natsUrl: string,
  plan: Plan,
  progress: Progress,
  signal: AbortSignal,
): Promise<Result[]> {
  const cells = plan.concurrencies.flatMap((concurrency) =>
    targets.map((target) => ({ target, concurrency, measured: [] as Measurement[] })),
  );
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { target, concurrency, measured } of cells) {
      progress(round, target.name, concurrency);
      const { warmUpMs, durationMs } = plan;
      const requestsUrl = target.requestsModule.href;
      const load = { natsUrl, requestsUrl, concurrency, warmUpMs, durationMs };
      measured.push(await measureOnce(load, signal));
    }
  }
  return cells.map(({ target, concurrency, measured }) => ({
    target: target.name,
    concurrency,
    measurement: medianOf(measured),
  }));
}

async function measureOnce(load: LoadParameters, signal: AbortSignal): Promise<Measurement> {
  const module = new URL('./load.js', import.meta.url);
  const worker = await startWorker<Measurement>(module, load, { signal });
  await worker.stop();
  return worker.message;
}
