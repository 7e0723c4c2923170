import { freePort } from '#testing';
import type { Scope, TokenWish } from '#auth';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { TestTokens } from '../../../apps/gateway/test/support/tokens.js';
import { BerthDev, eventually } from '../../end-to-end/src/berth-dev.js';

const GATEWAY = resolve('dist/apps/gateway/src/main.js');
const READY_WITHIN_MS = 20_000;

/** A whole Berth, with an additional gateway that requires an access token. */
export class GuardedBerth {
  /** What the guarded gateway has logged. */
  said = '';
  private gateway: ChildProcess | undefined;
  private tokens: TestTokens | undefined;
  private port = 0;

  constructor(readonly dev = new BerthDev()) {}

  /** URL of the guarded gateway: `http://127.0.0.1:18081`. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(slots: number, settings: NodeJS.ProcessEnv = {}): Promise<void> {
    await this.dev.start(slots);
    this.tokens = await TestTokens.create();
    this.port = await freePort();
    const gateway = spawn(process.execPath, [GATEWAY], {
      env: {
        ...process.env,
        ...this.dev.login('gateway'),
        BERTH_REGIONS: 'local',
        BERTH_TOKENS: this.tokens.path,
        HTTP_PORT: String(this.port),
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.gateway = gateway;
    for (const stream of [gateway.stdout, gateway.stderr]) {
      stream.on('data', (text: Buffer) => (this.said += text.toString()));
    }
    await eventually(async () => {
      if (gateway.exitCode !== null) throw new Error(`the gateway ended:\n${this.said}`);
      return fetch(`${this.url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    }, READY_WITHIN_MS);
  }

  /** Adds an access token, and waits until the gateway has read the file again. */
  token(...scopes: readonly Scope[]): Promise<string> {
    return this.tokenOf({}, ...scopes);
  }

  /** The same, with other properties than a token's usual ones. */
  async tokenOf(wish: Partial<TokenWish>, ...scopes: readonly Scope[]): Promise<string> {
    if (this.tokens === undefined) throw new Error('not started');
    const text = await this.tokens.add(scopes, wish);
    await eventually(async () => {
      const headers = { authorization: `Bearer ${text}` };
      return (await fetch(`${this.url}/v1/allocations/none`, { headers })).status !== 401;
    }, READY_WITHIN_MS);
    return text;
  }

  async dispose(): Promise<void> {
    const { gateway } = this;
    if (gateway !== undefined && gateway.exitCode === null) {
      const ended = once(gateway, 'exit');
      gateway.kill('SIGKILL');
      await ended;
    }
    await this.tokens?.remove();
    await this.dev.dispose();
  }
}
