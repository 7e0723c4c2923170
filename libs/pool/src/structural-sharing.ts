import type { SlotState } from '#slot';

/**
 * The same state, having in common with `like` what is equal in both: what a slot offers is mostly
 * what it offered before, and for the greater part what the others of its agent do. Every state that
 * is read from the log brings objects and strings of its own; this keeps one of each.
 */
export function sharedState(state: SlotState, like: SlotState | undefined): SlotState {
  if (like === undefined || like === state) return state;
  const value = shared(state.value, like.value);
  const offer = shared(state.context.offer, like.context.offer);
  const process = shared(state.context.process, like.context.process);
  const assigned = shared(state.context.assigned, like.context.assigned);
  return { value, context: { ...state.context, offer, process, assigned } };
}

/** For plain data that is not deep. */
function shared<Value>(value: Value, like: unknown): Value {
  // Of strings that are equal, the one that is kept already.
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
