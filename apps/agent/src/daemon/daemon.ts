import { errorMessage, TransientError } from '#kernel';
import type { FastifyInstance } from 'fastify';
import { isIPv6, type AddressInfo, type Socket } from 'node:net';
import { Centrifuge } from './centrifuge/centrifuge.js';
import { EventStreams } from './event-stream.js';
import { createHttpServer } from './http-server.js';
import type { Callers } from './callers.js';
import { parameter, unknownServer, type DaemonDeps } from './daemon-deps.js';
import type { DaemonSlots } from './daemon-slots.js';
import { holdRoutes } from './routes/hold.js';
import { payloadRoutes } from './routes/payload.js';
import { readinessRoutes } from './routes/readiness.js';
import { reservationRoutes } from './routes/reservations.js';
import { serverRoutes } from './routes/servers.js';
import { tokenRoutes } from './routes/token.js';
import { SessionEvents, type Listener } from './session-events.js';
import { TokenMint } from './token-mint.js';

/**
 * The local SDK daemon: an HTTP server and a websocket for the games on this machine, one daemon
 * for all slots.
 */
export class Daemon {
  private constructor(
    /** Base URL for games, without a slash at the end. */
    readonly url: string,
    private readonly app: FastifyInstance,
    private readonly centrifuge: Centrifuge,
    private readonly streams: EventStreams,
    private readonly events: SessionEvents,
  ) {}

  /**
   * @param port 0 for any free port
   * @throws `TransientError` if it cannot listen there; its cause is the error of the socket
   */
  static async open(
    deps: DaemonDeps,
    { host, port }: { readonly host: string; readonly port: number },
  ): Promise<Daemon> {
    const { slots, clock, random, logger, agent, limits, callers } = deps;
    const app = createHttpServer(limits, logger);
    const events = new SessionEvents(slots, random);
    const subscribeAs = async (socket: Socket) => {
      const caller = await callers?.slotOf(socket);
      // Its client connects again; a websocket that is open would never be told.
      if (caller === null) throw new TransientError('no game that runs here connects');
      return (serverId: string, listener: Listener) => {
        const isOwn = caller === undefined || slots.find(serverId)?.name === caller;
        return isOwn ? events.subscribe(serverId, listener) : null;
      };
    };
    const centrifuge = new Centrifuge(subscribeAs, clock, random, limits);
    if (callers !== undefined) refuseOthers(app, slots, callers);
    const streams = new EventStreams(deps, events);
    payloadRoutes(app, slots, callers);
    tokenRoutes(app, new TokenMint(agent, clock));
    readinessRoutes(app, slots);
    holdRoutes(app, slots, clock);
    reservationRoutes(app, slots);
    serverRoutes(app, slots);
    streams.routes(app);
    centrifuge.attach(app.server);
    try {
      await app.listen({ host, port });
    } catch (cause) {
      events.close();
      await centrifuge.close();
      await app.close();
      throw new TransientError(
        `the SDK daemon cannot listen on ${host}:${port}: ${errorMessage(cause)}`,
        {
          cause,
        },
      );
    }
    return new Daemon(urlOf(host, app), app, centrifuge, streams, events);
  }

  async close(): Promise<void> {
    this.events.close();
    this.streams.close();
    await this.centrifuge.close();
    await this.app.close();
  }
}

/** Lets a game ask of its own server alone. The payload's routes, which name none, see to it. */
function refuseOthers(app: FastifyInstance, slots: DaemonSlots, callers: Callers): void {
  app.addHook('onRequest', async (request) => {
    const serverId = parameter(request, 'serverId');
    if (serverId === '') return;
    const caller = await callers.slotOf(request.raw.socket);
    if (slots.find(serverId)?.name !== caller) throw unknownServer(serverId);
  });
}

function urlOf(host: string, app: FastifyInstance): string {
  const { port } = app.server.address() as AddressInfo;
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`;
}
