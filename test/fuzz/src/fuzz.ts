import { SeededRandom } from '#memory';
import { exchange } from './exchange.js';
import type { FuzzedFace } from './face.js';
import type { FuzzedRequest } from './fuzzed-request.js';
import { fuzzedRequest } from './generate.js';
import { faultIn } from './judge.js';
import type { Sample } from './operations.js';

const IN_FLIGHT = 8;

/** Number of faults in a report; more of them show nothing new. */
const FAULTS_SHOWN_MAX = 20;

export interface FuzzPlan {
  readonly port: number;
  readonly face: FuzzedFace;
  readonly samples: readonly Sample[];
  readonly requests: number;
  readonly seed: number;
  /** Called now and then, with the number of finished requests. */
  readonly onProgress?: (done: number) => void;
}

export interface Fault {
  readonly request: FuzzedRequest;
  readonly says: string;
}

export interface FuzzReport {
  /**
   * How often each status was answered; `closed` if the connection was closed without an answer.
   */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly faults: readonly Fault[];
}

/** Sends all requests of a plan, a few at a time, and judges every answer. */
export async function fuzz(plan: FuzzPlan): Promise<FuzzReport> {
  const { port, face, samples, requests, seed, onProgress } = plan;
  const random = new SeededRandom(seed);
  const outcomes: Record<string, number> = {};
  const faults: Fault[] = [];
  let begun = 0;
  const work = async () => {
    while (begun < requests && faults.length < FAULTS_SHOWN_MAX) {
      begun += 1;
      const request = fuzzedRequest(random, samples);
      const outcome = await exchange(port, request);
      const name = outcome.kind === 'answered' ? String(outcome.status) : outcome.kind;
      outcomes[name] = (outcomes[name] ?? 0) + 1;
      const says = faultIn(face, request, outcome);
      if (says !== null) faults.push({ request, says });
      if (begun % 500 === 0) onProgress?.(begun);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return { outcomes, faults };
}

export function describeFault({ request, says }: Fault): string {
  const { tricks, method, path, headers, body } = request;
  const sent = body === null ? '' : ` ${Buffer.from(body).toString('latin1').slice(0, 120)}`;
  const head = headers.map(([name, value]) => `${name.slice(0, 30)}: ${value.slice(0, 40)}`);
  return `${says}\n  [${tricks.join(' + ')}] ${method} ${path.slice(0, 120)} {${head.join(', ')}}${sent}`;
}
