/** The load generator, in a process of its own: a fixed number of requests in flight, always. */
import { randomUUID } from 'node:crypto';
import { connect } from '@nats-io/transport-node';
import { summarize, type Measurement } from './measure.js';
import type { Requests } from './target.js';
import { runAsWorker } from './worker.js';

export interface LoadParameters {
  readonly natsUrl: string;
  /** Of the module that exports `requests: Requests`. */
  readonly requestsUrl: string;
  /** Requests in flight at a time. */
  readonly concurrency: number;
  /** Not measured: connections, pools and compiled code get warm. */
  readonly warmUpMs: number;
  readonly durationMs: number;
}

// nats.js makes an Error for each request, also for those that succeed: not what is measured here.
Error.stackTraceLimit = 0;

const replyMsMax = 5_000;
/** A run that has kept so many latencies ends early. */
const latenciesMax = 2_000_000;

await runAsWorker(async (parameters: LoadParameters) => {
  const connection = await connect({ servers: parameters.natsUrl, noAsyncTraces: true });
  const { requests } = (await import(parameters.requestsUrl)) as { requests: Requests };
  const decoder = new TextDecoder();
  await run(parameters.warmUpMs);
  return run(parameters.durationMs);

  async function run(durationMs: number): Promise<Measurement> {
    const latencies: number[] = [];
    let errors = 0;
    const startedAt = process.hrtime.bigint();
    const until = startedAt + BigInt(durationMs) * 1_000_000n;
    await Promise.all(Array.from({ length: parameters.concurrency }, requestUntilTheEnd));
    return summarize(Float64Array.from(latencies), errors, millisecondsSince(startedAt));

    async function requestUntilTheEnd(): Promise<void> {
      while (process.hrtime.bigint() < until && latencies.length < latenciesMax) {
        const sentAt = process.hrtime.bigint();
        if (await isGranted()) latencies.push(millisecondsSince(sentAt));
        else errors += 1;
      }
    }
  }

  /** One allocation. Trouble on the way is an error like a refusal; the table shows how many. */
  async function isGranted(): Promise<boolean> {
    try {
      const body = requests.body(randomUUID());
      const reply = await connection.request(requests.subject, body, { timeout: replyMsMax });
      return requests.isSuccess(decoder.decode(reply.data));
    } catch {
      return false;
    }
  }
});

function millisecondsSince(instant: bigint): number {
  return Number(process.hrtime.bigint() - instant) / 1_000_000;
}
