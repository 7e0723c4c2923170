import type { LastChange } from '#wire';
import { table } from './table.js';

/** A list, and below it who changed each thing of it last, when and why, as far as that is known. */
export function withChanges(
  list: string,
  shown: readonly { readonly id: string; readonly lastChange?: LastChange | undefined }[],
): string {
  const rows = shown.flatMap(({ id, lastChange: last }) => {
    if (last === undefined) return [];
    return [[id, new Date(last.at).toISOString(), last.event, last.by, last.reason]];
  });
  if (rows.length === 0) return list;
  return `${list}\n\n${table(['changed last', 'at', 'event', 'by', 'why'], rows)}`;
}
