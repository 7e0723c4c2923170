import { printJson } from '#json';
import type { Cancel } from '#kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { slotOf, type DaemonDeps } from './daemon-deps.js';
import type { SessionEvent, SessionEvents } from './session-events.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

/** `GET /v1/servers/{serverId}/events`: sessions as server-sent events. */
export class EventStreams {
  private readonly open = new Set<ServerResponse>();

  constructor(
    private readonly deps: DaemonDeps,
    private readonly events: SessionEvents,
  ) {}

  routes(app: FastifyInstance): void {
    app.get('/v1/servers/:serverId/events', (request, reply) => {
      const { serverId } = slotOf(this.deps.slots, request);
      reply.hijack();
      this.serve(reply.raw, serverId, echoed(request));
    });
  }

  close(): void {
    for (const response of this.open) response.end();
  }

  private serve(response: ServerResponse, serverId: string, headers: Record<string, string>): void {
    const { clock, limits } = this.deps;
    response.on('error', () => undefined);
    response.writeHead(200, { ...HEADERS, ...headers });
    response.write(': these are the sessions of this server\n\n');
    const write = (text: string) => {
      if (response.writableLength > limits.unreadBytesMax) response.destroy();
      else response.write(text);
    };
    const cancelPings = clock.every(limits.pingMs, () => write(': still here\n\n'));
    const unsubscribe: Cancel | null = this.events.subscribe(serverId, (event) =>
      write(textOf(event)),
    );
    this.open.add(response);
    response.on('close', () => {
      cancelPings();
      unsubscribe?.();
      this.open.delete(response);
    });
  }
}

function textOf({ type, id, session }: SessionEvent): string {
  const { allocationId, payload, token } = session;
  const data = type === 'allocate' ? { allocationId, payload, token } : { allocationId };
  return `id: ${id}\nevent: ${type}\ndata: ${printJson(data)}\n\n`;
}

function echoed({ headers }: FastifyRequest): Record<string, string> {
  const id = headers['x-request-id'];
  return typeof id === 'string' ? { 'x-request-id': id } : {};
}
