import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { SlotOperations } from './slot-operations.js';

/** Serves operators' directions for a region's slots. */
export function serveOperations(
  server: EndpointServer,
  region: string,
  operations: SlotOperations,
): void {
  server.serve(endpoints.operate, { region }, (request) => operations.direct(request));
}
