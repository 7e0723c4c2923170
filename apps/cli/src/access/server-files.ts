import { serverText, type ServerSettings } from '#permissions';
import { isLoopback } from '#service-runtime';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessFolder } from './access-folder.js';
import { writeWhole } from './written.js';

/** How servers know each other in a cluster. */
const ROUTE_USER = 'route';
const SECRET_BYTES = 24;

export interface WantedServers {
  /** Host names or addresses: one server, or three. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly clusterPort: number;
  readonly storeDirectory: string;
  readonly tls?: ServerSettings['tls'];
}

/** Writes a file for each server; returns their paths. */
export async function writeServerFiles(
  folder: AccessFolder,
  { hosts, port, clusterPort, storeDirectory, tls }: WantedServers,
): Promise<readonly string[]> {
  const password = hosts.length > 1 ? await routeSecret(folder.path) : '';
  const paths: string[] = [];
  for (const [index, own] of hosts.entries()) {
    const routes = hosts.filter((host) => host !== own).map((host) => `${host}:${clusterPort}`);
    const name = `nats-${index + 1}`;
    const settings: ServerSettings = {
      ...{ name, host: listensOn(own), port, storeDirectory },
      ...(tls && { tls }),
      ...(routes.length > 0 && {
        cluster: { port: clusterPort, routes, user: ROUTE_USER, password },
      }),
    };
    const path = join(folder.path, `${name}.conf`);
    // nats-server looks for an included file beside the one that includes it.
    await writeWhole(path, serverText(settings, './accounts.conf'));
    paths.push(path);
  }
  return paths;
}

/** Where services find the servers. */
export function urlOf({ hosts, port, tls }: WantedServers): string {
  return hosts.map((host) => `${tls ? 'tls' : 'nats'}://${bracketed(host)}:${port}`).join(',');
}

function listensOn(host: string): string {
  return isLoopback(host) ? host : '0.0.0.0';
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Made once: servers that run would not let in one with another. */
async function routeSecret(folder: string): Promise<string> {
  const path = join(folder, 'route-secret');
  if (!existsSync(path)) await writeWhole(path, randomBytes(SECRET_BYTES).toString('base64url'));
  return (await readFile(path, 'utf8')).trim();
}
