import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { Machines } from './machines.js';

/** Serves the policies of a region's machines. */
export function serveMachines(server: EndpointServer, region: string, machines: Machines): void {
  server.serve(endpoints.policy, { region }, (request) => machines.set(request));
  server.serve(endpoints.machines, { region }, (request) => machines.list(request));
}
