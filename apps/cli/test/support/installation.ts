import { JetStreamBuildFiles } from '#build-files';
import { connectNats, JetStreamOutcomeStore, JetStreamRequestQueue, NatsBus } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { createLogger, SystemClock } from '#service-runtime';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocatorConfig } from '../../../allocator/src/config.js';
import { openAllocators } from '../../../allocator/src/start-allocator.js';
import { TestGateway } from '../../../gateway/test/support/gateway.js';

/** A nats-server, an allocator of the region `local` and a gateway, for tests of commands. */
export class TestInstallation {
  private constructor(
    /** A temporary folder, removed when the installation is closed. */
    readonly directory: string,
    private readonly server: NatsServer,
    readonly connection: NatsConnection,
    private readonly allocators: { close(): Promise<void> },
    readonly gateway: TestGateway,
  ) {}

  static async open(name: string): Promise<TestInstallation> {
    const directory = await mkdtemp(join(tmpdir(), `berth-${name}-`));
    const server = await startNatsServer({ dataDirectory: join(directory, 'nats') });
    const connection = await connectNats({ servers: server.url, name });
    const config = allocatorConfig({ NATS_URL: server.url, BERTH_REGIONS: 'local' });
    const allocators = await openAllocators(config, createLogger('test', 'silent'));
    const clock = new SystemClock();
    const gateway = await TestGateway.start(
      {},
      {
        bus: new NatsBus(connection),
        openFiles: (region) => JetStreamBuildFiles.open(connection, region, clock),
        queueOf: (region) => new JetStreamRequestQueue(connection, region, clock),
        outcomesOf: (region) => new JetStreamOutcomeStore(connection, region),
      },
    );
    return new TestInstallation(directory, server, connection, allocators, gateway);
  }

  get natsUrl(): string {
    return this.server.url;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.allocators.close();
    await this.connection.close();
    await this.server.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}
