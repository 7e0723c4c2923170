import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { Registrar } from './registrar.js';

/** Serves the requests that a region's servers send to its registrar. */
export function serveRegistrar(server: EndpointServer, region: string, registrar: Registrar): void {
  server.serve(endpoints.register, { region }, (request) => registrar.register(request));
  server.serve(endpoints.keepAlive, { region }, (request) => registrar.keepAlive(request));
  server.serve(endpoints.deregister, { region }, (request) => registrar.deregister(request));
}
