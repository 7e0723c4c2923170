import { errorMessage, type Clock } from '#kernel';
import { ConfigInvalid, type Logger } from '#service-runtime';
import type { FastifyInstance } from 'fastify';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions, type Server } from 'node:tls';
import type { GatewayConfig } from '../config.js';

/** How soon a renewed certificate is used (ms). */
const REREAD_MS = 10_000;

interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** The gateway's TLS certificate; renewed without a restart. */
export class Certificate {
  private constructor(
    private readonly paths: Pair,
    private pair: Pair,
  ) {}

  /**
   * @returns undefined if none is configured
   * @throws {ConfigInvalid} certificate and key cannot be read, or do not belong together.
   */
  static async open(config: GatewayConfig): Promise<Certificate | undefined> {
    const { HTTPS_CERT: cert, HTTPS_KEY: key } = config;
    if (cert === undefined && key === undefined) return undefined;
    if (cert === undefined || key === undefined) {
      throw new ConfigInvalid('for HTTPS set both, HTTPS_CERT and HTTPS_KEY');
    }
    try {
      return new Certificate({ cert, key }, await readPair({ cert, key }));
    } catch (error) {
      throw new ConfigInvalid(`HTTPS_CERT and HTTPS_KEY cannot be used: ${errorMessage(error)}`);
    }
  }

  get options(): SecureContextOptions {
    return this.pair;
  }

  /**
   * Makes the server use the files' content whenever it changes; open connections are not affected.
   */
  follow(instance: FastifyInstance, clock: Clock, logger: Logger): void {
    const server = instance.server as unknown as Server;
    let reason = '';
    const reread = async () => {
      try {
        const pair = await readPair(this.paths);
        reason = '';
        if (pair.cert === this.pair.cert && pair.key === this.pair.key) return;
        server.setSecureContext(pair);
        this.pair = pair;
        logger.info('the certificate was renewed');
      } catch (error) {
        if (errorMessage(error) === reason) return;
        reason = errorMessage(error);
        logger.error({ reason }, 'the certificate cannot be read; the previous one remains in use');
      }
    };
    const stop = clock.every(REREAD_MS, () => void reread());
    instance.addHook('onClose', async () => stop());
  }
}

/**
 * Throws if the files cannot be read or do not belong together, as while one of them is being
 * replaced.
 */
async function readPair(paths: Pair): Promise<Pair> {
  const [cert, key] = await Promise.all([
    readFile(paths.cert, 'utf8'),
    readFile(paths.key, 'utf8'),
  ]);
  createSecureContext({ cert, key });
  return { cert, key };
}
