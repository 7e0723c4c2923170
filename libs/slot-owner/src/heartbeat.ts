import type { Bus, Cancel, Clock } from '#kernel';
import { tell } from '#rpc';
import { BEAT_MS, endpoints, type Beat } from '#wire';
import type { Identity } from './identity.js';

/** What an agent says of its machine with each sign of life. */
export type MachineState = Pick<Beat, 'version' | 'disk' | 'notReadyBecause' | 'loginLeftMs'>;

/** As a beat says for how long a login to NATS is good; null: for ever, or it is not known. */
export function loginIn(leftMs: number | null | undefined): Pick<Beat, 'loginLeftMs'> {
  return leftMs == null ? {} : { loginLeftMs: leftMs };
}

/** Tells all allocators and gateways once a second that this agent is alive. */
export class Heartbeat {
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly identity: Identity,
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly machine: () => MachineState = () => ({}),
  ) {}

  start(): void {
    this.beat();
    this.cancel = this.clock.every(BEAT_MS, () => this.beat());
  }

  /** The last beat says that the agent stops in order: its silence is no loss to be looked into. */
  stop(): void {
    this.cancel();
    this.beat({ stops: true });
  }

  private beat(last: Pick<Beat, 'stops'> = {}): void {
    const { region, agent, incarnation } = this.identity;
    const beat = { incarnation, ...this.machine(), ...last };
    try {
      tell(this.bus, endpoints.beat, { region, agent }, beat);
    } catch {
      // There is no connection to NATS. The next beat is sent a second later.
    }
  }
}
