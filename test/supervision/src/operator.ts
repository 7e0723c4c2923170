import { freePort } from '#testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from './machine.js';

const CLI = resolve('dist/apps/cli/src/main.js');
const GATEWAY = resolve('dist/apps/gateway/src/main.js');
const LOOK_MS = 50;
const LOOKS_MAX = 1_200;

/** The output of a command, and what it used. */
export interface Said {
  readonly printed: string;
  /** Standard error, which shows the progress. */
  readonly told: string;
  readonly ms: number;
  /** Greatest resident memory seen while it reported progress (MiB). */
  readonly peakMiB: number;
}

/** A JSON object that the gateway shows. */
export type Shown = Readonly<Record<string, unknown>>;

/** An operator who types commands and calls the API: a gateway and the CLI, as processes. */
export class Operator {
  private constructor(
    private readonly machine: Machine,
    readonly api: string,
  ) {}

  static async at(machine: Machine): Promise<Operator> {
    const port = String(await freePort());
    const env = { BERTH_REGIONS: 'local', BERTH_OPEN: 'true', HTTP_PORT: port };
    machine.run('gateway', [GATEWAY], env);
    const operator = new Operator(machine, `http://127.0.0.1:${port}`);
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const ready = await fetch(`${operator.api}/readyz`).catch(() => null);
      if (ready?.ok === true) return operator;
      await sleep(LOOK_MS);
    }
    throw new Error(`the gateway is not ready:\n${machine.printed('gateway')}`);
  }

  /** Runs a command of `berth`. Throws with its output if it fails. */
  async berth(...words: readonly string[]): Promise<Said> {
    const began = performance.now();
    const env = { PATH: process.env['PATH'], NATS_URL: this.machine.natsUrl, BERTH_API: this.api };
    const child = spawn(process.execPath, [CLI, ...words], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [printed, told, peakMiB] = ['', '', 0];
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    child.stderr.on('data', (text: Buffer) => {
      told += text.toString();
      peakMiB = Math.max(peakMiB, peakMiBOf(child.pid ?? 0));
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`berth ${words.join(' ')}: ${printed}${told}`);
    return { printed, told, ms: Math.round(performance.now() - began), peakMiB };
  }

  /**
   * The gateway's answer, once it satisfies the condition: the gateway lags a moment behind the
   * log.
   */
  async seen(path: string, isSo: (body: Shown) => boolean): Promise<Shown> {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const answer = await fetch(this.api + path);
      const body = (await answer.json()) as Shown;
      if (answer.ok && isSo(body)) return body;
      await sleep(LOOK_MS);
    }
    throw new Error(`the gateway does not show it at ${path}`);
  }

  async post(
    path: string,
    body: object,
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(this.api + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }
}

/** The greatest resident memory of a process (MiB); 0 if it is gone. */
export function peakMiBOf(pid: number): number {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kib ?? 0) / 1024);
  } catch {
    return 0;
  }
}
