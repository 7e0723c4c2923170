import { statusOf } from '#slot';
import { PlacedList } from '../collections/placed-list.js';
import type { Selection } from '../selection.js';
import type { AgentEntry, SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** The part of `AgentIndex` that anyone may use. */
export type KnownAgents = Pick<
  AgentIndex,
  'names' | 'has' | 'slotsOf' | 'incarnationOf' | 'isCordoned' | 'cordon' | 'uncordon'
>;

/** The slots of each agent, and which agents are cordoned. */
export class AgentIndex {
  private readonly agents = new Map<string, AgentEntry>();

  constructor(
    private readonly agentOf: (subject: string) => string,
    private readonly selection: Pick<Selection, 'withdraw' | 'refresh'>,
  ) {}

  /** Names of the agents that have slots which are not retired. */
  get names(): Iterable<string> {
    return this.agents.keys();
  }

  has(agent: string): boolean {
    return this.agents.has(agent);
  }

  slotsOf(agent: string): readonly SlotHead[] {
    return this.agents.get(agent)?.slots.items.map(({ head }) => head) ?? [];
  }

  /** The latest start of the agent according to the log (epoch ms); 0 if there is none. */
  incarnationOf(agent: string): number {
    return this.agents.get(agent)?.incarnation ?? 0;
  }

  /** Whether the agent's slots are not offered. */
  isCordoned(agent: string): boolean {
    return this.agents.get(agent)?.isCordoned ?? false;
  }

  /**
   * Stops offering the agent's slots, and those it registers later, until it is uncordoned. The
   * cost grows only with the number of the agent's slots.
   */
  cordon(name: string): void {
    const agent = this.agents.get(name);
    if (agent === undefined || agent.isCordoned) return;
    agent.isCordoned = true;
    for (const entry of agent.slots.items) this.selection.withdraw(entry);
  }

  uncordon(name: string): void {
    const agent = this.agents.get(name);
    if (agent === undefined || !agent.isCordoned) return;
    agent.isCordoned = false;
    for (const entry of agent.slots.items) this.selection.refresh(entry);
  }

  /** The agent entry for a new slot. */
  entryFor(subject: string): AgentEntry {
    const name = this.agentOf(subject);
    const slots = new PlacedList<'agentPlace', SlotEntry>('agentPlace');
    return this.agents.get(name) ?? { name, slots, incarnation: 0, isCordoned: false };
  }

  /** Takes the slot's new head; `before` is its previous head. */
  put(entry: SlotEntry, before: SlotHead | undefined): void {
    const { agent, head } = entry;
    const was = before !== undefined && isListed(before);
    const is = isListed(head);
    if (is) agent.incarnation = Math.max(agent.incarnation, head.state.context.incarnation);
    if (is === was) return;
    if (is) agent.slots.add(entry);
    else agent.slots.delete(entry);
    if (agent.slots.size > 0) this.agents.set(agent.name, agent);
    else this.agents.delete(agent.name);
  }
}

function isListed({ state }: SlotHead): boolean {
  return statusOf(state) !== 'retired';
}
