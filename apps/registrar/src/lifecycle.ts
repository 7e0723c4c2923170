import type { OnApplicationShutdown } from '@nestjs/common';

/** What is open as long as the registrar runs, closed in this order when Nest shuts down. */
export class RegistrarLifecycle implements OnApplicationShutdown {
  constructor(private readonly closings: readonly (() => void | Promise<void>)[]) {}

  async onApplicationShutdown(): Promise<void> {
    for (const close of this.closings) await close();
  }
}
