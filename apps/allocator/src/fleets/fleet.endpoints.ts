import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { Fleets } from './fleets.js';

/** Serves a region's fleets: their sizes, and what they run. */
export function serveFleets(server: EndpointServer, region: string, fleets: Fleets): void {
  server.serve(endpoints.size, { region }, (request) => fleets.size(request));
  server.serve(endpoints.fleets, { region }, (request) => fleets.list(request));
  server.serve(endpoints.configureFleet, { region }, (request) => fleets.configure(request));
}
