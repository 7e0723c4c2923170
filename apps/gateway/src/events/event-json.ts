import type { LogItem, Recorded } from '#kernel';
import { statusOf } from '#slot';
import { slotName, slotOfSubject, type SlotFact } from '#wire';

/** What happened, as the API tells it: in the log's words, without the token. */
export function eventJson(item: LogItem<SlotFact>) {
  const { sequence } = item;
  const slot = slotName(slotOfSubject(item.subject));
  if (item.kind === 'setAside') return { sequence, slot, type: 'SetAside', reason: item.reason };
  return { sequence, slot, ...recordedJson(item) };
}

function recordedJson({ fact: { id, source, event, state } }: Recorded<SlotFact>) {
  const { type, at, ...data } = event;
  return {
    type,
    at: new Date(at).toISOString(),
    source,
    ...('by' in data && { by: data.by }),
    id,
    data: withoutSecrets(data),
    state: statusOf(state),
  };
}

/** The token admits players, and is the requester's alone; who asked is told beside the data. */
function withoutSecrets(data: object): object {
  return Object.fromEntries(
    Object.entries(data).filter(([key]) => key !== 'token' && key !== 'by'),
  );
}
