import { statusOf } from '#slot';
import { PlacedList } from '../collections/placed-list.js';
import type { Selection } from '../selection.js';
import type { AgentEntry, SlotEntry } from '../slot-entry.js';
import type { SlotHead } from '../slot-head.js';

/** What of it is there for all to use. */
export type KnownAgents = Pick<
  AgentIndex,
  'names' | 'has' | 'slotsOf' | 'incarnationOf' | 'isCordoned' | 'cordon' | 'uncordon'
>;

/** Which slots each agent has, and the agents whose slots are not offered. */
export class AgentIndex {
  private readonly agents = new Map<string, AgentEntry>();

  constructor(
    private readonly agentOf: (subject: string) => string,
    private readonly selection: Pick<Selection, 'withdraw' | 'refresh'>,
  ) {}

  /** Agents that have slots which are not retired. */
  get names(): Iterable<string> {
    return this.agents.keys();
  }

  has(agent: string): boolean {
    return this.agents.has(agent);
  }

  slotsOf(agent: string): readonly SlotHead[] {
    return this.agents.get(agent)?.slots.items.map(({ head }) => head) ?? [];
  }

  /** The latest start of the agent that the log tells of (epoch ms); 0: none. */
  incarnationOf(agent: string): number {
    return this.agents.get(agent)?.incarnation ?? 0;
  }

  /** Whether its slots are kept from being offered. */
  isCordoned(agent: string): boolean {
    return this.agents.get(agent)?.isCordoned ?? false;
  }

  /**
   * The agent's slots, and those it registers, are not offered until it is uncordoned. Cost grows
   * with their number only.
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

  /** The agent of a slot that is new. */
  entryFor(subject: string): AgentEntry {
    const name = this.agentOf(subject);
    const slots = new PlacedList<'agentPlace', SlotEntry>('agentPlace');
    return this.agents.get(name) ?? { name, slots, incarnation: 0, isCordoned: false };
  }

  /** Takes the slot's head; `before`: the head before. */
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
