import { slotMachine } from '#slot';
import type { AnyStateNode } from 'xstate';

const INTRODUCTION = `# The life of a slot

Generated from \`libs/slot/src/slot.machine.ts\` by \`npm run docs\`. Words in brackets are guards; an
event without an arrow to another state changes the slot's data, but not its state.
`;

const LEGEND = `## Each state and each event

Each cell is the state to which the event leads; \`·\` means that the state stays, but the slot's data change;
in a blank cell the event must not happen.
Guards of the same cell are tried in order.
`;

/** One transition out of a state. `to` is null if the slot's state stays the same. */
interface Way {
  readonly event: string;
  readonly guard: string | null;
  /** Whether another transition for the same event is tried before. */
  readonly otherwise: boolean;
  readonly to: AnyStateNode | null;
}

/** The slot's state chart and table, as Markdown. */
export function slotPage(): string {
  return [INTRODUCTION, chart(slotMachine.root), '', LEGEND, table(slotMachine.root), ''].join(
    '\n',
  );
}

function waysOf(node: AnyStateNode): readonly Way[] {
  return [...node.transitions].flatMap(([event, transitions]) =>
    transitions.map(({ guard, target }, index) => ({
      event,
      otherwise: index > 0,
      guard: typeof guard === 'string' ? guard : null,
      to: target?.[0] ?? null,
    })),
  );
}

const childrenOf = (node: AnyStateNode): readonly AnyStateNode[] => Object.values(node.states);

const isLeaf = (node: AnyStateNode) => childrenOf(node).length === 0;

/** The innermost state that the machine reaches when it enters a state. */
function entered(node: AnyStateNode): AnyStateNode {
  const [first] = node.initial?.target ?? [];
  return first === undefined ? node : entered(first);
}

function chart(root: AnyStateNode): string {
  const states = childrenOf(root);
  return [
    '```mermaid',
    'stateDiagram-v2',
    `    [*] --> ${root.initial?.target?.[0]?.key}`,
    ...states.flatMap((state) => nested(state).map((line) => `    ${line}`)),
    ...[...states, ...states.flatMap(childrenOf)].flatMap(arrows).map((line) => `    ${line}`),
    '```',
  ].join('\n');
}

function nested(state: AnyStateNode): readonly string[] {
  if (isLeaf(state)) return [state.key];
  const inner = childrenOf(state).map((child) => `    ${child.key}`);
  return [`state ${state.key} {`, `    [*] --> ${entered(state).key}`, ...inner, '}'];
}

/** One arrow for each pair of states, with all the events that lead from one to the other. */
function arrows(state: AnyStateNode): readonly string[] {
  const labels = new Map<string, string[]>();
  for (const { event, guard, otherwise, to } of waysOf(state)) {
    if (to === null) continue;
    const condition = guard ?? (otherwise ? 'otherwise' : null);
    const label = condition === null ? event : `${event} [${condition}]`;
    labels.set(to.key, [...(labels.get(to.key) ?? []), label]);
  }
  const lines = [...labels].map(([to, found]) => `${state.key} --> ${to}: ${found.join('<br/>')}`);
  return state.type === 'final' ? [...lines, `${state.key} --> [*]`] : lines;
}

function table(root: AnyStateNode): string {
  const leaves = childrenOf(root).flatMap((state) => (isLeaf(state) ? [state] : childrenOf(state)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...leaves.map(({ key }) => key)]),
    line(['', ...leaves].map(() => '---')),
    ...eventsOf(root).map((event) => line([event, ...leaves.map((leaf) => cell(leaf, event))])),
  ].join('\n');
}

/** In the order in which the machine first names them. */
function eventsOf(node: AnyStateNode): readonly string[] {
  const own = [...node.transitions.keys()];
  return [...new Set([...own, ...childrenOf(node).flatMap(eventsOf)])];
}

/** A transition that a state does not have is taken from the state around it. */
function cell(node: AnyStateNode, event: string): string {
  const ways = waysOf(node).filter((way) => way.event === event);
  if (ways.length === 0) return node.parent === undefined ? '' : cell(node.parent, event);
  const words = ways.map(({ guard, to }) => {
    const destination = to === null ? '·' : `**${entered(to).key}**`;
    return guard === null ? destination : `${destination} if ${guard}`;
  });
  return words.join(', else ');
}
