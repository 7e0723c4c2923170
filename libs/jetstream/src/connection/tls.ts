import { errorMessage } from '#kernel';
import type { TlsOptions } from '@nats-io/transport-node';
import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext, type ConnectionOptions } from 'node:tls';
import type { NatsLogin } from './login.js';
import { LoginInvalid, readSecret, type Warn } from './secret-file.js';

/** The client passes options that it does not know to Node. */
type Tls = TlsOptions & Pick<ConnectionOptions, 'checkServerIdentity'>;

/**
 * The client's options for TLS. With `tls://`, a CA or a client certificate, TLS is required; the
 * result is undefined if the server decides. The client reads the files at each connect and
 * reconnect.
 *
 * @throws {LoginInvalid}
 */
export function tlsOf(login: NatsLogin, servers: readonly string[], warn: Warn): Tls | undefined {
  const { caFile, certFile, keyFile } = login;
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [has, needs] = keyFile === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    throw new LoginInvalid(`the client's ${has} needs its ${needs}`);
  }
  const files = {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
  };
  const isAsked = servers.some((server) => /^tls:/i.test(server));
  if (!isAsked && Object.keys(files).length === 0) return undefined;
  requireUsable(login, warn);
  return { ...files, checkServerIdentity: identityCheck(servers) };
}

/** Checks the files once at the start, so that errors are reported then. */
function requireUsable({ caFile, certFile, keyFile }: NatsLogin, warn: Warn): void {
  const read = (called: string, path: string | undefined, tell?: Warn) =>
    path === undefined ? undefined : readSecret(`${called} ${path}`, path, tell);
  const ca = read('CA file', caFile);
  const cert = read('certificate file', certFile);
  const key = read('key file', keyFile, warn);
  try {
    createSecureContext({ ca, cert, key });
  } catch (cause) {
    const files = [caFile, certFile, keyFile].filter((path) => path !== undefined).join(', ');
    throw new LoginInvalid(`TLS with ${files} is not possible: ${errorMessage(cause)}`, { cause });
  }
}

/**
 * For a server that is given by its IP address the client passes no name, and Node then checks the
 * certificate for "localhost" (nats.js 3.3, node_transport.js, `tlsName`). This check asks for one
 * of the given addresses instead.
 */
function identityCheck(servers: readonly string[]): typeof checkServerIdentity {
  const hosts = servers.map(hostOf);
  const unnamed = hosts.filter((host) => isIP(host) !== 0 || host === 'localhost');
  return (host, certificate) => {
    if (host !== 'localhost') return checkServerIdentity(host, certificate);
    const errors = unnamed.map((each) => checkServerIdentity(each, certificate));
    return errors.includes(undefined) ? undefined : errors[0];
  };
}

export function hostOf(server: string): string {
  return urlOf(server).hostname.replace(/^\[|\]$/g, '');
}

export function portOf(server: string): number {
  return Number(urlOf(server).port || 4222);
}

function urlOf(server: string): URL {
  return new URL(server.includes('://') ? server : `nats://${server}`);
}
