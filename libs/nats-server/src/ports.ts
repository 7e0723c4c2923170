import { createServer } from 'node:net';

/** Whether another program listens on a port of this machine, found by trying to listen there. */
export async function isPortTaken(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ host, port, exclusive: true }, resolve);
    });
    return false;
  } catch (error) {
    // nats-server itself reports any other error, such as an address of another machine.
    return (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  } finally {
    await new Promise<void>((resolve) => probe.close(() => resolve()));
  }
}

/** The address at which this machine reaches a server that listens on `host`. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** The URL of a port; an IPv6 address is put in brackets. */
export function urlOf(scheme: 'nats' | 'http', host: string, port: number): string {
  const reachable = reachableHost(host);
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
