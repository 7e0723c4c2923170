import { REREAD_MS } from '#auth';
import { ManualClock } from '#memory';
import { granted } from '#testing';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { TestGateway } from './gateway.js';
import { TestTokens } from './tokens.js';

/** A gateway with a file of access tokens, its log lines, and its clock. */
export class TestDoor {
  readonly clock = new ManualClock();
  readonly logged: string[] = [];
  private started: TestGateway | undefined;

  private constructor(readonly tokens: TestTokens) {}

  static async create(): Promise<TestDoor> {
    return new TestDoor(await TestTokens.create());
  }

  get gateway(): TestGateway {
    if (this.started === undefined) throw new Error('the gateway was not started');
    return this.started;
  }

  async start(settings: NodeJS.ProcessEnv = {}): Promise<TestGateway> {
    const { clock, logged, tokens } = this;
    const lines = new Writable({
      write(chunk: Buffer, _encoding, done) {
        logged.push(chunk.toString());
        done();
      },
    });
    const logger = pino({ level: 'trace' }, lines);
    const all = { BERTH_TOKENS: tokens.path, ...settings };
    this.started = await TestGateway.start(all, { clock, logger });
    this.started.answer('allocate', () => granted);
    return this.started;
  }

  allocate(headers: Record<string, string>, path = '/v1/allocations') {
    return this.gateway.post(path, { region: 'local' }, headers);
  }

  /** Lets the gateway reread its tokens until `happened` is true. */
  async until(happened: () => Promise<boolean>): Promise<void> {
    for (;;) {
      this.clock.advance(REREAD_MS);
      if (await happened()) return;
    }
  }

  async close(): Promise<void> {
    await this.started?.close();
    await this.tokens.remove();
  }
}
