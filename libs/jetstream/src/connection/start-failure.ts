import { errorMessage, TransientError } from '#kernel';
import { askInfo } from '#nats-server';
import { errors } from '@nats-io/transport-node';
import type { NatsLogin } from './login.js';
import { hostOf, portOf } from './tls.js';

/** NATS is reachable but refuses the credentials: waiting would not help. */
export class CredentialsRefused extends Error {
  override readonly name = 'CredentialsRefused';
}

/** NATS is reachable but not over TLS, or client and server do not trust each other's certificates. */
export class TlsRefused extends Error {
  override readonly name = 'TlsRefused';
}

/**
 * Translates the client's error into one line for the operator. An unknown host name is a plain
 * `Error`. It is transient: under Docker a host has a name once it runs.
 */
export function startFailureOf(error: unknown, who: string): unknown {
  const { AuthorizationError, UserAuthenticationExpiredError } = errors;
  const says = errorMessage(error);
  if (error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError) {
    return new CredentialsRefused(`NATS does not let in ${who}: ${says}`, { cause: error });
  }
  if (isAboutCertificate(error)) {
    return new TlsRefused(`NATS cannot be reached over TLS: ${says}`, { cause: error });
  }
  if (error instanceof errors.InvalidArgumentError || error instanceof URIError) return error;
  return new TransientError(`NATS is not there: ${says}`, { cause: error });
}

/** Node's error codes about certificates and TLS. */
const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA)/;

function isAboutCertificate(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && TLS_CODES.test(code)) return true;
  return isAboutCertificate(cause);
}

/**
 * Asks the servers for the reason why TLS failed. The client has no error code for a server without
 * TLS. If the server refuses the client's certificate, the client waits for its time-out: in TLS 1.3
 * the refusal follows the handshake.
 *
 * @returns undefined if no server answers, or TLS is not the reason.
 */
export async function tlsFailure(
  servers: readonly string[],
  { certFile }: NatsLogin,
): Promise<TlsRefused | undefined> {
  const asked = servers.map((server) => askInfo(hostOf(server), portOf(server)));
  const info = await Promise.any(asked).catch(() => undefined);
  if (info === undefined) return undefined;
  if (info.tls_required !== true && info.tls_available !== true) {
    return new TlsRefused('NATS does not offer TLS, and is not used without it');
  }
  if (info.tls_verify !== true) return undefined;
  return new TlsRefused(
    certFile === undefined
      ? "NATS asks for a client's certificate, and none is given"
      : `NATS does not take the client's certificate ${certFile}`,
  );
}
