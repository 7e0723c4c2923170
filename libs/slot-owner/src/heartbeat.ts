import type { Bus, Cancel, Clock } from '#kernel';
import { endpoints, BEAT_MS, encodeJson, type Beat } from '#wire';
import type { Identity } from './identity.js';

/** Tells every allocator, once a second, that this agent is there. */
export class Heartbeat {
  private readonly subject: string;
  private readonly body: Uint8Array;
  private cancel: Cancel = () => undefined;

  constructor(
    { region, agent, incarnation }: Identity,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    this.subject = endpoints.beat.subject.of({ region, agent });
    this.body = encodeJson({ incarnation } satisfies Beat);
  }

  start(): void {
    this.beat();
    this.cancel = this.clock.every(BEAT_MS, () => this.beat());
  }

  stop(): void {
    this.cancel();
  }

  private beat(): void {
    try {
      this.bus.publish(this.subject, this.body);
    } catch {
      // The connection is away; so is, as far as anybody can tell, this agent.
    }
  }
}
