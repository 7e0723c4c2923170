import { SystemClock } from '#service-runtime';
import { BerthClient } from './client.js';
import { HttpTransport } from './http/http-transport.js';

export interface ConnectBerth {
  /** `nats://host:4222`, several comma separated; or `http://host:8080`, a gateway. */
  readonly url: string;
  /** The access token, for HTTP. */
  readonly token?: string;
}

/**
 * Reaches Berth over NATS or over HTTP; everything else is the same.
 *
 * @throws {TypeError} the URL is neither.
 * @throws over NATS, where no server can be reached; over HTTP, nothing is asked yet.
 */
export async function connectBerth({ url, token }: ConnectBerth): Promise<BerthClient> {
  switch (/^(\w+):\/\//.exec(url)?.[1]) {
    case 'http':
    case 'https': {
      const clock = new SystemClock();
      return new BerthClient(new HttpTransport(new URL(url).href, token, clock), { clock });
    }
    case 'nats':
    case 'tls':
      return BerthClient.connect({ servers: url });
    default:
      throw new TypeError(`"${url}" is no URL of Berth: nats://host:4222 or http://host:8080`);
  }
}
