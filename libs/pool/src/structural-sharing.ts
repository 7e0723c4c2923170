import type { SlotState } from '#slot';

/**
 * An equal state that shares with `like` whatever is equal in both. A slot mostly offers what it
 * offered before, and much the same as the other slots of its agent; but every state read from the
 * log brings its own objects and strings. This keeps one copy of each.
 */
export function sharedState(state: SlotState, like: SlotState | undefined): SlotState {
  if (like === undefined || like === state) return state;
  const value = shared(state.value, like.value);
  const offer = shared(state.context.offer, like.context.offer);
  const process = shared(state.context.process, like.context.process);
  const assigned = shared(state.context.assigned, like.context.assigned);
  return { value, context: { ...state.context, offer, process, assigned } };
}

/** For plain data of little depth. */
function shared<Value>(value: Value, like: unknown): Value {
  // Of two equal strings, keeps the one that is in memory already.
  if (value === like) return like as Value;
  if (!isObject(value) || !isObject(like)) return value;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const keys = Object.keys(value);
  let isEqual = Object.keys(like).length === keys.length;
  for (const key of keys) {
    copy[key] = shared(copy[key], like[key]);
    isEqual &&= copy[key] === like[key];
  }
  return (isEqual ? like : copy) as Value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
