import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { RegionIndex } from './index/region-index.js';

/** Answers questions about one region. */
export function serveAuditor(server: EndpointServer, index: RegionIndex): void {
  const { region } = index;
  server.serve(endpoints.indexedClaims, { region }, ({ region: _, ...request }) =>
    index.find(request),
  );
  server.serve(endpoints.indexedActions, { region }, ({ region: _, ...request }) =>
    index.actions(request),
  );
  const state = () => ({ status: 'index' as const, index: index.state });
  server.serve(endpoints.indexState, { region }, state);
  server.serve(endpoints.rebuildIndex, { region }, () => {
    index.rebuild();
    return state();
  });
}
