import { setTimeout as sleep } from 'node:timers/promises';
import { metricsOf } from '../../tidy/src/metrics-page.js';
import { NOT_IN_A_STORM } from './not-in-a-storm.js';
import type { Violation } from './inspector.js';

const EVERY_MS = 1_000;
const ANSWER_MS = 3_000;

/** What is asked of the gateway at each look, so that it and the auditor have something to count. */
const ASKED = ['/v1/slots?limit=1', '/v1/audit/index'];

interface Scraped {
  /** Ports of `/metrics`, by the services' names. */
  readonly ports: ReadonlyMap<string, number>;
  /** URL of the gateway. */
  readonly gateway: string;
}

/** Scrapes all services again and again, and remembers which metrics had a value other than 0. */
export class MetricsWatch {
  private readonly seen = new Map<string, Set<string>>();
  private readonly over = new AbortController();

  constructor(private readonly scraped: Scraped) {}

  async watch(): Promise<void> {
    void this.listen();
    while (!this.over.signal.aborted) {
      await Promise.all([...this.scraped.ports].map(([name, port]) => this.scrape(name, port)));
      await Promise.all(ASKED.map((path) => textOf(`${this.scraped.gateway}${path}`)));
      await sleep(EVERY_MS);
    }
  }

  stop(): void {
    this.over.abort();
  }

  /** How many metrics each service has emitted with a value other than 0. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.seen].map(([service, names]) => [`by ${service}`, names.size]));
  }

  /** Metrics of the docs that never had a value, though nothing says why, and the other way round. */
  get violations(): readonly Violation[] {
    return Object.entries(metricsOf).flatMap(([service, metrics]) =>
      metrics.flatMap(({ name }): Violation[] => {
        const isSeen = this.seen.get(service)?.has(name) === true;
        if (isSeen || NOT_IN_A_STORM.some((one) => one.service === service && one.name === name))
          return [];
        return [{ kind: 'unseen', text: `${name} of the ${service} never had a value` }];
      }),
    );
  }

  private async scrape(name: string, port: number): Promise<void> {
    const text = await textOf(`http://127.0.0.1:${port}/metrics`);
    const service = serviceOf(name);
    const names = this.seen.get(service) ?? new Set<string>();
    this.seen.set(service, names);
    for (const sample of text.split('\n').filter(isCounted)) {
      const [, metric = ''] = /^(\w+)/.exec(sample) ?? [];
      names.add(metric.replace(/_seconds_(bucket|sum|count)$/, '_seconds'));
    }
  }

  /** The gateway has a client that listens to all events. */
  private async listen(): Promise<void> {
    const { signal } = this.over;
    try {
      const { body } = await fetch(`${this.scraped.gateway}/v1/events`, { signal });
      await body?.pipeTo(new WritableStream());
    } catch {
      // The storm is over, or nats-server was away: then others are counted as listening.
    }
  }
}

/** `shell-1` is an agent, `allocator-2` an allocator. */
function serviceOf(name: string): string {
  if (/^(shell|http)-/.test(name)) return 'agent';
  return name.replace(/-\d+$/, '');
}

function isCounted(line: string): boolean {
  return line !== '' && !line.startsWith('#') && Number(line.split(' ').at(-1)) !== 0;
}

/** Empty if nobody answers now: services are killed all the time. */
async function textOf(url: string): Promise<string> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })).text();
  } catch {
    return '';
  }
}
