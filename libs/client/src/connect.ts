import type { NatsLogin } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { BerthClient } from './client.js';
import { HttpTransport } from './http/http-transport.js';

export interface ConnectBerth {
  /** `nats://host:4222`, or several of these, comma separated; or `http://host:8080`, a gateway. */
  readonly url: string;
  /** Access token for HTTP. */
  readonly token?: string;
  /** How to log in to NATS. */
  readonly login?: NatsLogin;
  /** The project that the login is of. Over HTTP the access token has one. */
  readonly project?: string;
}

/**
 * Connects to Berth over NATS or HTTP. The client works in the same way over both.
 *
 * @throws {TypeError} if the URL is of neither kind
 * @throws over NATS, if no server can be reached. Over HTTP nothing is sent yet.
 */
export async function connectBerth({
  url,
  token,
  login,
  project,
}: ConnectBerth): Promise<BerthClient> {
  switch (/^(\w+):\/\//.exec(url)?.[1]) {
    case 'http':
    case 'https': {
      const clock = new SystemClock();
      return new BerthClient(new HttpTransport(new URL(url).href, token, clock), { clock });
    }
    case 'nats':
    case 'tls':
      return BerthClient.connect({
        servers: url,
        ...(login && { login }),
        ...(project !== undefined && { project }),
      });
    default:
      throw new TypeError(`"${url}" is no URL of Berth: nats://host:4222 or http://host:8080`);
  }
}
