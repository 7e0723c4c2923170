import { once } from 'node:events';
import { WebSocket } from 'ws';
import { WEBSOCKET_PATH } from '../../src/daemon/centrifuge/centrifuge.js';

/** A message to a client: a reply, which has an id, or a push, which has none. */
export interface Message {
  readonly id?: number;
  readonly result?: {
    readonly channel?: string;
    readonly data?: { readonly data: SdkEvent };
    readonly client?: string;
    readonly version?: string;
  };
  readonly error?: { readonly code: number; readonly message: string };
}

export interface SdkEvent {
  readonly EventType: string;
  readonly EventID: string;
  readonly ServerID: number;
  readonly AllocationID: string;
}

/** A websocket client for the specs. It keeps every message, in order. */
export class TestClient {
  readonly messages: Message[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  private readonly waiting = new Set<() => void>();
  private lastId = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Message);
      for (const look of this.waiting) look();
    });
    this.closed = new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
  }

  static async open(url: string): Promise<TestClient> {
    const client = new TestClient(new WebSocket(url.replace('http', 'ws') + WEBSOCKET_PATH));
    await once(client.socket, 'open');
    return client;
  }

  /** A client that is connected, and subscribed to these servers. */
  static async following(url: string, ...serverIds: string[]): Promise<TestClient> {
    const client = await TestClient.open(url);
    await client.command({ params: {} });
    for (const id of serverIds) {
      await client.command({ method: 1, params: { channel: `server#${id}` } });
    }
    return client;
  }

  get events(): readonly SdkEvent[] {
    return this.messages.flatMap(({ result }) => (result?.data ? [result.data.data] : []));
  }

  send(text: string): void {
    this.socket.send(text);
  }

  async command(command: { method?: number; params?: unknown }): Promise<Message> {
    this.lastId += 1;
    const id = this.lastId;
    this.send(JSON.stringify({ id, ...command }));
    return this.reply(id);
  }

  async reply(id: number): Promise<Message> {
    await this.until(() => this.messages.some((message) => message.id === id));
    return this.messages.find((message) => message.id === id) ?? {};
  }

  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }
}
