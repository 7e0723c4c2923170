import type { SlotState } from '#slot';

/**
 * An equal state that shares with `like` whatever is equal in both. A slot mostly offers what it
 * offered before, and much the same as the other slots of its agent; but every state read from the
 * log brings its own objects and strings. This keeps one copy of each.
 */
export function sharedState(state: SlotState, like: SlotState | undefined): SlotState {
  if (like === undefined || like === state) return state;
  const value = isEqual(state.value, like.value) ? like.value : state.value;
  const offer = shared(state.context.offer, like.context.offer);
  const process = shared(state.context.process, like.context.process);
  const assigned = shared(state.context.assigned, like.context.assigned);
  return { value, context: { ...state.context, offer, process, assigned } };
}

/**
 * For plain data of little depth. Members are replaced where they are, by equal ones: nobody sees it, and
 * a copy of each offer would cost a start much more.
 */
function shared<Value>(value: Value, like: unknown): Value {
  // Of two equal strings, keeps the one that is in memory already.
  if (value === like) return like as Value;
  if (!isObject(value) || !isObject(like)) return value;
  let isEqual = true;
  let members = 0;
  const held: Record<string, unknown> = value;
  for (const key in held) {
    const member = shared(held[key], like[key]);
    held[key] = member;
    isEqual &&= member === like[key];
    members += 1;
  }
  return (isEqual && members === Object.keys(like).length ? like : value) as Value;
}

/** For what may be frozen. */
function isEqual(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => key in other && isEqual(one[key], other[key]))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
