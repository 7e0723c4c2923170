import type { Bus, Cancel, Clock } from '#kernel';
import { tell } from '#rpc';
import { BEAT_MS, endpoints } from '#wire';
import type { Identity } from './identity.js';

/** Tells all allocators once a second that this agent is alive. */
export class Heartbeat {
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly identity: Identity,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.beat();
    this.cancel = this.clock.every(BEAT_MS, () => this.beat());
  }

  stop(): void {
    this.cancel();
  }

  private beat(): void {
    const { region, agent, incarnation } = this.identity;
    try {
      tell(this.bus, endpoints.beat, { region, agent }, { incarnation });
    } catch {
      // There is no connection to NATS. The next beat is sent a second later.
    }
  }
}
