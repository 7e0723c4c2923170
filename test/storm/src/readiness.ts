import { setTimeout as sleep } from 'node:timers/promises';
import type { Violation } from './inspector.js';

const EVERY_MS = 500;

/** An answer that takes longer counts as none (ms). */
const ANSWER_MS = 3_000;

/** How long after nats-server has stopped answering or storing an allocator may still say that it is ready. */
const NOTICED_MS = 6_000;

/** A time in which no request could be served (epoch ms). */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

interface Sample {
  readonly name: string;
  readonly at: number;
  /** What `/readyz` said; null if it did not answer. */
  readonly isReady: boolean | null;
  readonly said: string;
}

/** Asks allocators again and again whether they are ready. */
export class ReadinessWatch {
  private readonly samples: Sample[] = [];
  private isOver = false;

  /** @param ports of `/readyz`, by the allocators' names */
  constructor(private readonly ports: ReadonlyMap<string, number>) {}

  async watch(): Promise<void> {
    while (!this.isOver) {
      this.samples.push(...(await this.ask()));
      await sleep(EVERY_MS);
    }
  }

  stop(): void {
    this.isOver = true;
  }

  /** The allocators that said that they are ready while nothing could be served, once each outage. */
  untrue(outages: readonly Outage[]): readonly Violation[] {
    return outages.flatMap(({ from, to }) => {
      const during = this.samples.filter(
        ({ at, isReady }) => isReady === true && at > from + NOTICED_MS && at < to,
      );
      const names = new Set(during.map(({ name }) => name));
      return [...names].map((name) =>
        unready(`${name} said that it is ready while nothing could be stored for 6 s`),
      );
    });
  }

  /** The allocators that say that they are not ready although everything is calm. */
  async unready(): Promise<readonly Violation[]> {
    const now = await this.ask();
    return now
      .filter(({ isReady }) => isReady === false)
      .map(({ name, said }) => unready(`${name} is not ready when all is calm: ${said}`));
  }

  /** How often allocators were ready, were not, and did not answer. */
  get counts(): ReadonlyMap<string, number> {
    const count = (isReady: boolean | null) =>
      this.samples.filter((sample) => sample.isReady === isReady).length;
    return new Map([
      ['ready', count(true)],
      ['not ready', count(false)],
      ['no answer', count(null)],
    ]);
  }

  private ask(): Promise<readonly Sample[]> {
    return Promise.all([...this.ports].map(([name, port]) => sampleOf(name, port)));
  }
}

async function sampleOf(name: string, port: number): Promise<Sample> {
  const at = Date.now();
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal });
    return { name, at, isReady: answer.ok, said: await answer.text() };
  } catch {
    return { name, at, isReady: null, said: '' };
  }
}

function unready(text: string): Violation {
  return { kind: 'unready', text };
}
