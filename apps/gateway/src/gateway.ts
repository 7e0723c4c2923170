import { NestLog } from '#service-runtime';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Access } from './auth/access.js';
import { Certificate } from './auth/certificate.js';
import { allowOrigins } from './auth/cors.js';
import { guard } from './auth/gate.js';
import { RegionalBus } from './auth/regional-bus.js';
import { nativeErrors } from './dialects/error-dialect.js';
import { faceOf, facesOf } from './dialects/error-dialects.js';
import { Documents } from './openapi/documents.js';
import { proxiesIn } from './edge/address.js';
import { Connections } from './edge/connections.js';
import { FailuresFilter } from './http/failures.filter.js';
import { GatewayModule, controllers } from './gateway.module.js';
import { RouteTable } from './http/route-table.js';
import type { GatewayDeps } from './gateway-deps.js';
import { limitArrival } from './http/arrival.js';
import { createServer } from './http/server.js';
import { traceRequests } from './http/trace-requests.js';

/** The gateway cannot listen on the configured host and port. */
class ListenFailed extends Error {
  override readonly name = 'ListenFailed';
}

/**
 * Starts a gateway and listens. It serves at once; `GET /readyz` says whether it has caught up with
 * the log.
 *
 * @throws {ListenFailed} the port is taken, or cannot be used.
 * @throws {ConfigInvalid} the gateway would be open beyond this machine without an explicit
 * setting.
 */
export async function startGateway(deps: GatewayDeps): Promise<NestFastifyApplication> {
  const { config, random, clock, logger } = deps;
  const certificate = await Certificate.open(config);
  const access = await Access.open(config, clock, logger);
  const faces = facesOf(config);
  const documents = new Documents(controllers, faces);
  const routes = new RouteTable();
  const failures = new FailuresFilter(faces, clock, logger, routes);
  const fail = (...failure: Parameters<typeof failures.answer>) => failures.answer(...failure);
  const isVendors = (path: string) =>
    faces.some((face) => face !== nativeErrors && face.owns(path));
  const isProxy = proxiesIn(config.HTTP_PROXIES);
  const server = createServer(random, logger, fail, isVendors, certificate?.options, isProxy);
  const connections = connectionsOf(config, isProxy, logger);
  connections.watch(server.getInstance().server);
  routes.listenTo(server.getInstance());
  limitArrival(server.getInstance(), clock);
  traceRequests(server.getInstance());
  deps.watchServer?.(server.getInstance(), connections);
  guard(server.getInstance(), { access, logger, fail, faceOf: (path) => faceOf(faces, path) });
  certificate?.follow(server.getInstance(), clock, logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.with(
      { ownBus: deps.bus, ...deps, bus: new RegionalBus(deps.bus) },
      access,
      documents,
      routes,
    ),
    server,
    { logger: new NestLog(logger), abortOnError: false, bodyParser: false },
  );
  app.useGlobalFilters(failures);
  allowOrigins(app, config.BERTH_CORS_ORIGINS);
  await deps.serveExplorer?.(app, documents.openApi);
  try {
    await app.listen(config.HTTP_PORT, config.HTTP_HOST);
  } catch (error) {
    await app.close();
    throw listenFailed(error, config.HTTP_HOST, config.HTTP_PORT);
  }
  logger.info({ url: await app.getUrl(), regions: config.BERTH_REGIONS }, 'listening');
  return app;
}

function connectionsOf(
  { HTTP_CONNECTIONS_MAX: max, HTTP_ADDRESS_CONNECTIONS_MAX: ofAddressMax }: GatewayDeps['config'],
  isProxy: (address: string) => boolean,
  logger: GatewayDeps['logger'],
): Connections {
  return new Connections({ max, ofAddressMax, isProxy }, logger);
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
      return new ListenFailed(`${host} is not an address of this machine; set HTTP_HOST to one`, {
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
