import { NUMERIC_ID_MAX, slotIds } from '#multiplay';
import type { SlotHead } from '#pool';
import type { SlotNumbers } from '#slot';
import { slotName, slotOfSubject } from '#wire';

type Numbered = Pick<SlotHead, 'subject' | 'state'>;

/**
 * The numbers by which games and tools know the slots and machines of a region. No two slots have
 * the same number, and no two machines: the first one keeps its number, a later one gets another.
 */
export class Numbers {
  private readonly servers = new Owners();
  private readonly machines = new Owners();
  /** Slots whose number, or whose machine's number, belonged to another one first. */
  private readonly colliding = new Set<string>();
  /** Whether it takes anything: not before the log has been read. */
  hasBegun = false;

  take({ subject, state }: Numbered): void {
    if (!this.hasBegun) return;
    const { agent, server, machine } = numbersOf(subject, state.context.numbers);
    const isOwn = this.servers.take(server, subject) && this.machines.take(machine, agent);
    if (isOwn) this.colliding.delete(subject);
    else this.colliding.add(subject);
  }

  /**
   * Takes all slots of a log that was just read, the first to change first. Before that nothing is
   * taken, because numbers that a slot had earlier do not count.
   */
  begin(heads: Iterable<SlotHead>): void {
    this.hasBegun = true;
    const inOrder = [...heads].sort((one, other) => one.sequence - other.sequence);
    for (const head of inOrder) this.take(head);
  }

  /** Removes a slot that is gone for good. The number of its machine remains taken. */
  forget({ subject, state }: Numbered): void {
    const { server } = numbersOf(subject, state.context.numbers);
    this.servers.forget(server, subject);
    this.colliding.delete(subject);
  }

  /**
   * New numbers for the slot, if others have its present ones; otherwise undefined.
   *
   * @param head the slot's state; undefined before it is registered
   */
  anewFor(subject: string, head: SlotHead | undefined): SlotNumbers | undefined {
    if (head !== undefined && !this.colliding.has(subject)) return undefined;
    const { agent, ...present } = numbersOf(subject, head?.state.context.numbers);
    const server = this.servers.freeFor(subject, present.server);
    const machine = this.machines.freeFor(agent, present.machine);
    const changed = {
      ...(server !== present.server && { server }),
      ...(machine !== present.machine && { machine }),
    };
    return Object.keys(changed).length === 0 ? undefined : changed;
  }
}

/** The name to which each number belongs. */
class Owners {
  /** A slot is named by its subject as the pool has it, which takes no memory of its own. */
  private readonly names = new Map<number, string>();

  /** Returns whether the number belongs to the name now. */
  take(number: number, name: string): boolean {
    const owner = this.names.get(number);
    if (owner === undefined) this.names.set(number, name);
    return owner === undefined || owner === name;
  }

  forget(number: number, name: string): void {
    if (this.names.get(number) === name) this.names.delete(number);
  }

  /** The first number from this one on that belongs to no other name. */
  freeFor(name: string, from: number): number {
    let number = from;
    while ((this.names.get(number) ?? name) !== name) {
      number = number === NUMERIC_ID_MAX ? 0 : number + 1;
    }
    return number;
  }
}

function numbersOf(subject: string, numbers: SlotNumbers | undefined) {
  const ref = slotOfSubject(subject);
  return { agent: ref.agent, ...slotIds(slotName(ref), ref.agent, numbers) };
}
