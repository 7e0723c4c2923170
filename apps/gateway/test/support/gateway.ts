import type { Clock, EventLog } from '#kernel';
import { SystemRandom, SystemClock, createLogger, readConfig } from '#service-runtime';
import { MemoryBuildFiles, MemoryBus, MemoryEventLog } from '#memory';
import { slot, type SlotEvent } from '#slot';
import {
  decodeJson,
  encodeJson,
  endpoints,
  type Asked,
  buildRecordCodec,
  configurationRecordCodec,
  fleetRecordCodec,
  machineRecordCodec,
  slotRecordCodec,
  type SlotRecord,
} from '#wire';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { gatewaySettings } from '../../src/config.js';
import { breachIn } from './conformance.js';
import { startGateway } from '../../src/gateway.js';
import { RouteTable } from '../../src/http/route-table.js';
import type { GatewayDeps } from '../../src/gateway-deps.js';

/** The names of endpoints with the subject `….<region>`, from the table of endpoints. */
type AskedName = {
  [Name in keyof typeof endpoints]: (typeof endpoints)[Name] extends Asked<`${string}.<region>`>
    ? Name
    : never;
}[keyof typeof endpoints];

const anyJson = z.record(z.string(), z.json());

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReturnType<typeof JSON.parse>;
}

/** A gateway for specs: log and bus in memory, HTTP over a real socket. */
export class TestGateway {
  readonly log: MemoryEventLog<SlotRecord>;
  readonly settings: ReturnType<typeof settingLogs>;
  readonly bus: MemoryBus;
  readonly files = new MemoryBuildFiles();
  private app!: NestFastifyApplication;
  private origin = '';
  /** What the region's allocators say when they are asked whether they are ready. */
  allocator: object = { status: 'ready' };

  private constructor(clock: Clock) {
    this.log = new MemoryEventLog(slotRecordCodec, { clock });
    this.settings = settingLogs(clock);
    this.bus = new MemoryBus(clock);
  }

  static async start(
    settings: NodeJS.ProcessEnv = {},
    deps: Partial<GatewayDeps> = {},
  ): Promise<TestGateway> {
    const clock = deps.clock ?? new SystemClock();
    const gateway = new TestGateway(clock);
    gateway.answer('readiness', () => gateway.allocator);
    gateway.app = await startGateway({
      config: readConfig(gatewaySettings, { HTTP_PORT: '0', ...settings }),
      bus: gateway.bus,
      clock,
      random: new SystemRandom(),
      logger: createLogger('gateway', 'silent'),
      openLog: () => Promise.resolve(gateway.log),
      openPast: () => Promise.resolve([gateway.log.stored()]),
      openSettings: () => Promise.resolve(gateway.settings),
      openFiles: () => Promise.resolve(gateway.files),
      busAwayBecause: () => null,
      close: () => Promise.resolve(),
      ...deps,
    });
    gateway.origin = await gateway.app.getUrl();
    return gateway;
  }

  get url(): string {
    return this.origin;
  }

  get port(): number {
    return Number(new URL(this.origin).port);
  }

  /** Every route of the server: `GET /v1/slots/:id`. */
  get routes(): readonly string[] {
    return this.app.get(RouteTable).routes;
  }

  /** Writes a slot's whole life into the log. */
  record(name: string, events: readonly SlotEvent[]): Promise<void> {
    return recordOn(this.log, name, events);
  }

  /** Plays the allocator: answers one kind of request, and returns the requests it got. */
  answer(kind: AskedName, reply: (asked: z.output<typeof anyJson>) => unknown) {
    const asked: z.output<typeof anyJson>[] = [];
    this.bus.subscribe(endpoints[kind].subject.of({ region: 'local' }), (message) => {
      const request = decodeJson(anyJson, message.body);
      asked.push(request);
      message.respond(encodeJson(reply(request)));
    });
    return asked;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.origin}${path}`, init);
  }

  /** Sends a request, and checks the answer against the API's document. */
  async get(path: string, init?: RequestInit): Promise<Answer> {
    const response = await this.fetch(path, init);
    const { status, headers } = response;
    const body = JSON.parse(await response.text());
    const mediaType = (headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    const { pathname } = new URL(path, this.origin);
    const method = init?.method ?? 'GET';
    const breach = breachIn({ method, path: pathname, status, mediaType, body });
    if (breach !== null) throw new Error(breach);
    return { status, headers, body };
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.get(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}

/** What people set, in memory. */
function settingLogs(clock: Clock) {
  const deps = { clock };
  return {
    fleet: new MemoryEventLog(fleetRecordCodec, deps),
    configuration: new MemoryEventLog(configurationRecordCodec, deps),
    build: new MemoryEventLog(buildRecordCodec, deps),
    machine: new MemoryEventLog(machineRecordCodec, deps),
  };
}

/** Writes a slot's whole life into a log. */
export async function recordOn(
  log: EventLog<SlotRecord>,
  name: string,
  events: readonly SlotEvent[],
): Promise<void> {
  const subject = `slot.${name}`;
  let { state, sequence } = { state: slot.initial, sequence: 0 };
  for (const event of events) {
    state = slot.evolve(state, event);
    const record = { id: `${name}-${sequence}`, source: 'berth/allocator/test', event, state };
    const verdict = await log.append({ subject, expected: sequence, record });
    if (verdict.kind !== 'stored') throw new Error(`not stored: ${verdict.kind}`);
    sequence = verdict.sequence;
  }
}
