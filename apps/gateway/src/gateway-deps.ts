import type { FastifyInstance } from 'fastify';
import type { PastSource } from '#audit';
import type { Bus, Random, Clock, EventLog } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Alive, BuildFiles, SlotRecord } from '#wire';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SettingLogs } from './api/audit/setting-logs.js';
import type { GatewayConfig } from './config.js';
import type { Connections } from './edge/connections.js';
import type { OpenApiDocument } from './openapi/open-api.js';
import type { RequestDeps } from './api/requests/requests.js';

/** The dependencies of a gateway: the outside world, as ports. */
export interface GatewayDeps extends RequestDeps {
  readonly config: GatewayConfig;
  readonly bus: Bus;
  /** The bus for questions of the gateway's own, outside any request. Default: `bus`. */
  readonly ownBus?: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Opens the region's log, which may not exist yet. */
  openLog(region: string): Promise<EventLog<SlotRecord>>;
  /**
   * Opens the archive of the region's log, which may not exist. Without this, archives are not
   * shown.
   */
  openArchive?(region: string): Promise<EventLog<SlotRecord>>;
  /** The streams with the region's stored events that are there: the log, and the archive. */
  openPast(region: string): Promise<readonly PastSource[]>;
  /** Opens the histories of what people set in the region. */
  openSettings(region: string): Promise<SettingLogs>;
  /** Opens the files of a region's builds. */
  openFiles(region: string): Promise<Pick<BuildFiles, 'has' | 'put' | 'get'>>;
  /** Why the bus cannot be used now; null if it can. */
  busAwayBecause(): string | null;
  /** The nats-server that the gateway is connected to; null while there is none. */
  readonly natsServer?: () => Alive['server'];
  /** What the permissions of NATS denied to the gateway lately; null if nothing. */
  readonly deniedLately?: () => string | null;
  /** For how long its login is good (ms); null: for ever, or it is not known. */
  readonly loginLeftMs?: () => number | null;
  /** Adds the page on which the API can be tried; without this, there is no such page. */
  serveExplorer?(app: NestFastifyApplication, document: OpenApiDocument): Promise<void>;
  /** Called with the server before it listens, to measure its answers. */
  watchServer?(server: FastifyInstance, connections: Connections): void;
  /** Called last, when no request is under way any more. */
  close(): Promise<void>;
}
