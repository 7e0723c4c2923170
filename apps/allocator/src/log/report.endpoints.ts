import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { Reports } from './reports.js';

/**
 * Hears agents' reports on a region's slots: those sent to this allocator as claimer, and those to
 * any.
 */
export function hearReports(
  server: EndpointServer,
  { region, allocator }: { readonly region: string; readonly allocator: string },
  reports: Reports,
): void {
  server.hear(endpoints.report, { region }, (message, slot) => reports.record(slot, message));
  server.hear(endpoints.reportToClaimer, { region, allocator }, (message, slot) =>
    reports.record(slot, message),
  );
}
