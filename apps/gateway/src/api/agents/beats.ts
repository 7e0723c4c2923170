import type { Bus, Clock, Subscription } from '#kernel';
import { hear } from '#rpc';
import type { Logger } from '#service-runtime';
import { agentName, endpoints, type Beat } from '#wire';

/** An agent that was not heard for this long (ms) is forgotten here; the log still has its slots. */
const KEPT_MS = 24 * 3_600_000;

const TIDY_MS = 600_000;

/** A beat, and when it was heard. */
export interface Heard extends Beat {
  /** Epoch ms, by this machine's clock. */
  readonly heardAt: number;
}

interface BeatsDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The last beat of each agent since this gateway started. */
export class Beats {
  private readonly last = new Map<string, Heard>();
  private readonly open: Pick<Subscription, 'close'>[] = [];

  constructor(private readonly deps: BeatsDeps) {}

  start(regions: readonly string[]): void {
    const { bus, clock, logger } = this.deps;
    // nats-server's files may be older than this gateway: it then shows no beats, and all else.
    const refused = ({ message }: Error) => logger.warn({ message }, 'beats are not heard');
    for (const region of regions) {
      const listener = (beat: Beat, { agent }: { readonly agent: string }) =>
        this.hear(agentName({ region, agent }), beat);
      this.open.push(hear(bus, endpoints.beat, { region }, listener, { ...this.deps, refused }));
    }
    this.open.push({ close: clock.every(TIDY_MS, () => this.tidy()) });
  }

  close(): void {
    for (const one of this.open) one.close();
  }

  /** @param name `region.agent` */
  of(name: string): Heard | undefined {
    return this.last.get(name);
  }

  private hear(name: string, beat: Beat): void {
    // Of two starts of an agent, the beats of the earlier one may arrive last.
    if (beat.incarnation < (this.last.get(name)?.incarnation ?? 0)) return;
    this.last.set(name, { ...beat, heardAt: this.deps.clock.now() });
  }

  private tidy(): void {
    const from = this.deps.clock.now() - KEPT_MS;
    for (const [name, { heardAt }] of this.last) if (heardAt < from) this.last.delete(name);
  }
}
