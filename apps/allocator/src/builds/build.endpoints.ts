import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { Catalogue } from './catalogue.js';

/** Serves the builds and build configurations of a region. */
export function serveCatalogue(
  server: EndpointServer,
  region: string,
  { builds, configurations }: Catalogue,
): void {
  server.serve(endpoints.configure, { region }, (request) => configurations.set(request));
  server.serve(endpoints.configurations, { region }, (request) => configurations.list(request));
  server.serve(endpoints.changeBuild, { region }, (request) => builds.change(request));
  server.serve(endpoints.builds, { region }, (request) => builds.list(request));
}
