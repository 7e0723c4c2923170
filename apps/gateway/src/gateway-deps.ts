import type { FastifyInstance } from 'fastify';
import type { Bus, Random, Clock, EventLog } from '#kernel';
import type { Logger } from '#service-runtime';
import type { SlotRecord } from '#wire';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from './config.js';
import type { OpenApiDocument } from './openapi/open-api.js';
import type { RequestDeps } from './api/requests/requests.js';

/** What a gateway is made of: the outside world, as ports. */
export interface GatewayDeps extends RequestDeps {
  readonly config: GatewayConfig;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The region's log, which need not exist yet. */
  openLog(region: string): Promise<EventLog<SlotRecord>>;
  /** What the region's log has forgotten; it need not exist. Without this, it is not shown. */
  openArchive?(region: string): Promise<EventLog<SlotRecord>>;
  /** Why the bus cannot be used now; null where it can. */
  busAwayBecause(): string | null;
  /** Adds the page on which the API can be tried; none, where it is not given. */
  serveExplorer?(app: NestFastifyApplication, document: OpenApiDocument): Promise<void>;
  /** Sees the server before it listens: what it answers can be measured. */
  watchServer?(server: FastifyInstance): void;
  /** Called last, once nothing is under way any more. */
  close(): Promise<void>;
}
