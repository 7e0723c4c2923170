import type { AnyStateMachine, AnyStateNode, StateValue } from 'xstate';

interface Seen {
  readonly context: unknown;
  readonly event: { readonly type: string };
}

/** One transition out of a state. */
interface Way {
  readonly guard: ((seen: Seen) => boolean) | undefined;
  /** The state it leads to; undefined if the state stays the same. */
  readonly target: StateValue | undefined;
  readonly changes: readonly ((seen: Seen) => object)[];
}

/** A state of the machine: its inner states or, if it has none, the transitions out of it. */
interface Place {
  readonly inner: ReadonlyMap<string, Place>;
  /** By the type of the event, in the order in which the machine tries them. */
  readonly ways: ReadonlyMap<string, readonly Way[]>;
}

interface Stored {
  readonly value: StateValue;
  readonly context: unknown;
}

/**
 * A machine read into a table of states and events: the same answers in a fiftieth of the time that
 * XState's interpreter takes. Guards may only read and actions may only assign. The machine remains
 * the one place where the rules are written.
 *
 * @throws {TypeError} names the feature of the machine that a table cannot express
 */
export class TransitionTable {
  private readonly root: Place;

  private constructor(machine: AnyStateMachine) {
    this.root = placeOf(machine, machine.root);
  }

  /** The machine's table, built at the first call. */
  static of(machine: AnyStateMachine): TransitionTable {
    let table = tables.get(machine);
    if (table === undefined) tables.set(machine, (table = new TransitionTable(machine)));
    return table;
  }

  permits(state: Stored, event: { readonly type: string }): boolean {
    return this.wayOf(state, event) !== undefined;
  }

  /** The state that the event leads to; undefined if the event cannot happen. */
  apply(state: Stored, event: { readonly type: string }): Stored | undefined {
    const way = this.wayOf(state, event);
    if (way === undefined) return undefined;
    let { context } = state;
    for (const change of way.changes) {
      context = { ...(context as object), ...change({ context, event }) };
    }
    return { value: way.target ?? state.value, context };
  }

  private wayOf({ value, context }: Stored, event: { readonly type: string }): Way | undefined {
    const place = placeAt(this.root, value);
    if (place === undefined) throw new TypeError(`there is no state ${JSON.stringify(value)}`);
    const seen = { context, event };
    return place.ways.get(event.type)?.find(({ guard }) => guard === undefined || guard(seen));
  }
}

const tables = new WeakMap<AnyStateMachine, TransitionTable>();

/** The innermost state that a value names; undefined if it names none, or one with inner states. */
function placeAt(within: Place, value: StateValue): Place | undefined {
  if (typeof value === 'string') {
    const place = within.inner.get(value);
    return place?.inner.size === 0 ? place : undefined;
  }
  for (const key in value) {
    const place = within.inner.get(key);
    const inner = value[key];
    return place && inner !== undefined ? placeAt(place, inner) : undefined;
  }
  return undefined;
}

function placeOf(machine: AnyStateMachine, node: AnyStateNode): Place {
  refuseWhatActs(node);
  const inner = new Map(
    Object.entries(node.states).map(([key, child]) => [key, placeOf(machine, child)]),
  );
  return { inner, ways: inner.size === 0 ? waysOf(machine, node) : new Map<string, Way[]>() };
}

/** A state's own transitions are tried before those of the states around it. */
function waysOf(machine: AnyStateMachine, leaf: AnyStateNode): Map<string, Way[]> {
  const ways = new Map<string, Way[]>();
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) {
    for (const [type, transitions] of node.transitions) {
      if (type.includes('*') || type.startsWith('xstate.')) throw unsupported(node, type);
      if (leaf.type === 'final') throw unsupported(leaf, 'a way out of a final state');
      const found = transitions.map(({ guard, target, actions }): Way => {
        if (target === undefined && actions.length === 0) throw unsupported(leaf, `no ${type}`);
        return {
          guard: guard === undefined ? undefined : guardOf(machine, leaf, guard),
          target: target && targetOf(leaf, target),
          changes: actions.map((action) => changeOf(leaf, action)),
        };
      });
      ways.set(type, [...(ways.get(type) ?? []), ...found]);
    }
  }
  return ways;
}

/** Throws if the node acts by itself or does anything but change the context. */
function refuseWhatActs(node: AnyStateNode): void {
  const { type, entry, exit, invoke, always, initial } = node;
  if (type === 'parallel' || type === 'history') throw unsupported(node, type);
  if (entry.length > 0) throw unsupported(node, 'entry');
  if (exit.length > 0) throw unsupported(node, 'exit');
  if (invoke.length > 0) throw unsupported(node, 'invoke');
  if ((always?.length ?? 0) > 0) throw unsupported(node, 'always');
  if ((initial?.actions.length ?? 0) > 0) throw unsupported(node, 'an initial action');
}

function targetOf(from: AnyStateNode, targets: readonly AnyStateNode[]): StateValue {
  const [target] = targets;
  if (target === undefined || targets.length > 1) throw unsupported(from, 'several targets');
  const value = innermost(target).path.reduceRight<StateValue | undefined>(
    (inner, key) => (inner === undefined ? key : Object.freeze({ [key]: inner })),
    undefined,
  );
  if (value === undefined) throw unsupported(from, 'a way to the whole machine');
  return value;
}

function innermost(node: AnyStateNode): AnyStateNode {
  const [first] = node.initial.target ?? [];
  return first === undefined ? node : innermost(first);
}

function guardOf(machine: AnyStateMachine, node: AnyStateNode, guard: unknown): Way['guard'] {
  const { guards } = machine.implementations as { guards: Record<string, unknown> };
  const found = typeof guard === 'string' ? guards[guard] : guard;
  if (typeof found !== 'function' || 'check' in found) {
    throw unsupported(node, 'a guard that is no plain function');
  }
  return found as (seen: Seen) => boolean;
}

function changeOf(node: AnyStateNode, action: unknown): Way['changes'][number] {
  const { type, assignment } = action as { type?: unknown; assignment?: unknown };
  if (type !== 'xstate.assign' || typeof assignment !== 'function') {
    throw unsupported(node, 'an action other than the assignment of a function');
  }
  return assignment as (seen: Seen) => object;
}

function unsupported({ id }: AnyStateNode, what: string): TypeError {
  return new TypeError(`${id}: a table of transitions cannot express ${what}`);
}
