import { DeadlinePassed, NobodyListens, Unparsable, type Bus, type Clock } from '#kernel';
import type { Pool } from '#pool';
import { ask, hear } from '#rpc';
import type { Logger } from '#service-runtime';
import { endpoints, type UnloggedAnswer } from '#wire';
import { eachBounded } from '../bounded.js';
import type { Reports } from '../log/reports.js';

/** The most agents that are asked at the same time. */
const ASKED_MAX = 256;

/** Within this an agent answers that was not cut off in between (ms). */
const ANSWER_MS = 500;

/** Pause before an agent that does not answer is asked again (ms). */
const AGAIN_MS = 100;

type Told = Extract<UnloggedAnswer, { readonly status: 'told' }>['slots'];

export interface RollCallDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Before an allocator serves requests, it asks the agents for sessions that the log has lost. If
 * the log went back, a requester may ask again for such a session, and must get the same server.
 */
export class RollCall {
  private readonly heard = new Set<string>();

  constructor(
    private readonly region: string,
    private readonly deps: RollCallDeps,
    private readonly pool: Pool,
    private readonly reports: Reports,
  ) {}

  /** Resolves once every agent has answered, or after this time (ms). */
  async run(withinMs: number): Promise<void> {
    if (withinMs === 0) return;
    const { bus, clock, logger } = this.deps;
    const { region } = this;
    const until = clock.now() + withinMs;
    const hearBeat = (_: unknown, { agent }: { readonly agent: string }) => {
      this.heard.add(agent);
    };
    const listening = hear(bus, endpoints.beat, { region }, hearBeat, { clock, logger });
    const known = new Set([...this.pool.agents.names].filter((agent) => this.isPresent(agent)));
    await eachBounded([...known], ASKED_MAX, (agent) => this.settle(agent, until));
    const unknown = [...this.heard].filter((agent) => !known.has(agent));
    await eachBounded(unknown, ASKED_MAX, (agent) => this.settle(agent, until));
    listening.close();
  }

  private isPresent(agent: string): boolean {
    return this.pool.agents.slotsOf(agent).some(({ state }) => !state.context.agentLost);
  }

  /**
   * Asks until the log has all sessions that the agent serves, or until a further request changes
   * nothing.
   */
  private async settle(agent: string, until: number): Promise<void> {
    const { region } = this;
    let before = '';
    while (this.deps.clock.now() < until) {
      const wasHeard = this.heard.has(agent);
      const told = await this.ask(agent);
      if (told === 'nobody' || told === null) {
        // An agent that sends beats but does not listen here is of an earlier version.
        if (told === 'nobody' && wasHeard) return;
        await this.deps.clock.sleep(AGAIN_MS);
        continue;
      }
      const open = told.map(({ slot, seen }) => `${slot} ${seen}`).join();
      if (told.length === 0 || open === before) return;
      before = open;
      for (const { slot, ...message } of told) {
        await this.reports.record({ region, agent, slot }, message);
      }
    }
  }

  /** Null if the agent cannot answer, `nobody` if no agent of this name listens. */
  private async ask(agent: string): Promise<Told | 'nobody' | null> {
    const at = { region: this.region, agent };
    try {
      const answer = await ask(this.deps.bus, endpoints.unlogged, at, {}, ANSWER_MS);
      return answer.status === 'told' ? answer.slots : null;
    } catch (error) {
      if (error instanceof NobodyListens) return 'nobody';
      if (error instanceof DeadlinePassed || error instanceof Unparsable) return null;
      throw error;
    }
  }
}
