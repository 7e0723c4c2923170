import { medianOf, type Measurement } from './measure.js';
import type { Load, Plan } from './options.js';
import { measureOnce } from './run.js';
import type { RunningTarget, Surroundings, Target } from './target.js';

/** The result of one target under one load: the median of its rounds. */
export interface Result {
  readonly target: string;
  readonly load: Load;
  readonly measurement: Measurement;
}

/** The nats-server that all targets use. */
export interface Server {
  readonly pid: number;
  readonly monitorUrl: string;
}

export type Tell = (line: string) => void;

interface Started {
  readonly target: Target;
  readonly running: RunningTarget;
}

/**
 * Measures all targets on one server. They take turns, A B A B, so that other work of the machine
 * disturbs all of them equally.
 *
 * @throws an `Error` if a worker fails or the signal ends it; nothing is left running
 */
export async function measureTargets(
  targets: readonly Target[],
  surroundings: Surroundings,
  server: Server,
  plan: Plan,
  tell: Tell,
  signal: AbortSignal,
): Promise<Result[]> {
  const started: Started[] = [];
  try {
    for (const target of targets) {
      const running = await target.start(surroundings);
      if ('skipped' in running) tell(`${target.name} is left out: ${running.skipped}`);
      else started.push({ target, running });
    }
    return await measureRounds(started, server, plan, tell, signal);
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
  }
}

async function measureRounds(
  started: readonly Started[],
  server: Server,
  plan: Plan,
  tell: Tell,
  signal: AbortSignal,
): Promise<Result[]> {
  const cells = plan.loads.flatMap((load) =>
    started.map((one) => ({ ...one, load, measured: [] as Measurement[] })),
  );
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { target, running, load, measured } of cells) {
      tell(`round ${round}: ${target.name}, ${load.amount} ${load.kind}`);
      const { address, processes, monitorUrl = server.monitorUrl } = running;
      const parameters = {
        requesterUrl: target.requesterModule.href,
        address,
        load,
        processes: { 'nats-server': server.pid, ...processes },
        monitorUrl,
      };
      measured.push(await measureOnce(parameters, signal));
    }
  }
  return cells.map(({ target, load, measured }) => ({
    target: target.name,
    load,
    measurement: medianOf(measured),
  }));
}
