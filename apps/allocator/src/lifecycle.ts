import type { NatsConnection } from '@nats-io/transport-node';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Allocator } from './allocator.js';

/** The log is read before the first request is taken, and let go of after the last. */
export class AllocatorLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly allocators: readonly Allocator[],
    private readonly connection: NatsConnection,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.allocators.map((allocator) => allocator.start()));
  }

  async onApplicationShutdown(): Promise<void> {
    for (const allocator of this.allocators) allocator.stop();
    await this.connection.drain();
  }
}
