import { NestLog } from '#service';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { nativeFace } from './faces.js';
import { FailuresFilter } from './failures.filter.js';
import { GameFabricFace } from './gamefabric/gamefabric.face.js';
import { GatewayModule } from './gateway.module.js';
import type { GatewayParts } from './parts.js';
import { createServer } from './server.js';

/** The gateway cannot listen where it was told to. */
export class ListenFailed extends Error {
  override readonly name = 'ListenFailed';
}

/**
 * Starts a gateway and listens. It serves at once; whether it has caught up with the log is what
 * `GET /readyz` says.
 *
 * @throws {ListenFailed} if the port is taken, or not to be had.
 */
export async function startGateway(parts: GatewayParts): Promise<NestFastifyApplication> {
  const { config, chance, logger } = parts;
  const faces = [new GameFabricFace(config.GAMEFABRIC_NONE_STATUS), nativeFace];
  const failures = new FailuresFilter(faces, logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.on(parts),
    createServer(chance, logger, (...failure) => failures.answer(...failure)),
    { logger: new NestLog(logger), abortOnError: false, bodyParser: false },
  );
  app.useGlobalFilters(failures);
  try {
    await app.listen(config.HTTP_PORT, config.HTTP_HOST);
  } catch (error) {
    await app.close();
    throw listenFailed(error, config.HTTP_HOST, config.HTTP_PORT);
  }
  logger.info({ url: await app.getUrl(), regions: config.BERTH_REGIONS }, 'listening');
  return app;
}

function listenFailed(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new ListenFailed(
        `port ${port} on ${host} is taken by another program; set HTTP_PORT to a free one`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenFailed(`${host} is no address of this machine; set HTTP_HOST to one`, {
        cause: error,
      });
    case 'EACCES':
      return new ListenFailed(`port ${port} may not be used by this user; set HTTP_PORT`, {
        cause: error,
      });
    default:
      return error;
  }
}
