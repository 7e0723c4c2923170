import { spanned } from '#tracing';
import type { CallbackOutcome } from './post.js';

/** Makes a callback a span of the trace of its claim. */
export function spannedCallback(
  allocationId: string,
  deliver: () => Promise<CallbackOutcome | null>,
): Promise<CallbackOutcome | null> {
  const about = {
    kind: 'client',
    ids: () => ({ 'berth.allocation_id': allocationId }),
    outcome: (ended: CallbackOutcome | null) => ({
      'berth.outcome': ended?.outcome ?? 'cancelled',
    }),
  } as const;
  return spanned('callback', about, deliver);
}
