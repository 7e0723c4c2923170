import { Bus, DeadlinePassed, type BusMessage, type Subscription } from '#kernel';
import type { Life } from './life.js';
import type { World } from './world.js';

/**
 * The bus as one process has it: every message, and every answer, goes over the simulated network.
 */
export class BusPort extends Bus {
  constructor(
    private readonly world: World,
    private readonly life: Life,
  ) {
    super();
  }

  publish(subject: string, body: Uint8Array): void {
    const { hub, network } = this.world;
    if (this.life.touch()) network.send(subject, () => hub.publish(subject, body));
  }

  request(
    subject: string,
    body: Uint8Array,
    timeoutMs: number,
    dataversion?: number,
  ): Promise<Uint8Array> {
    const { hub, network } = this.world;
    if (!this.life.touch()) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      const cancel = this.life.after(timeoutMs, () =>
        reject(new DeadlinePassed(`no answer from ${subject} in ${timeoutMs} ms`)),
      );
      const settled = (settle: () => void) =>
        void this.life.after(0, () => {
          cancel();
          settle();
        });
      network.send(subject, () => {
        hub.request(subject, body, timeoutMs, dataversion).then(
          (answer) => settled(() => resolve(answer)),
          (error: Error) => settled(() => reject(error)),
        );
      });
    });
  }

  subscribe(
    subject: string,
    receive: (message: BusMessage) => void,
    options: { readonly queue?: string } = {},
  ): Subscription {
    const subscription = this.world.hub.subscribe(
      subject,
      (message) => this.life.after(0, () => receive(this.answerable(message))),
      options,
    );
    this.life.onEnd(() => subscription.close());
    return subscription;
  }

  private answerable(message: BusMessage): BusMessage {
    const { subject } = message;
    return {
      ...message,
      respond: (answer, headers) => {
        if (!this.life.touch()) return;
        this.world.network.send(`the answer to ${subject}`, () => message.respond(answer, headers));
      },
    };
  }
}
