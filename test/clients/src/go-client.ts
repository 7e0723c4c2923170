import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { promisify } from 'node:util';
import type { HttpAnswer } from './http-call.js';
import { isOnPath } from './path.js';

const run = promisify(execFile);

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
  readonly body: string;
}

/** Sends requests as Go's `http.NewRequest` creates them: JSON without a Content-Type. */
export interface GoClient {
  send(call: Call): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** What is missing to run a Go program here; null if nothing is. */
export const goIsMissing: string | null = isOnPath('go') ? null : 'needs go';

/** The bytes that Go 1.21 to 1.26 write for such a request, over a socket. */
export const replayedGo: GoClient = {
  async send({ method, url, authorization, body }) {
    const { host, hostname, port, pathname, search } = new URL(url);
    const head = [
      `${method} ${pathname}${search} HTTP/1.1`,
      `Host: ${host}`,
      'User-Agent: Go-http-client/1.1',
      ...(body === '' && method !== 'POST' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      `Authorization: ${authorization}`,
      'Accept-Encoding: gzip',
    ];
    const socket = connect(Number(port), hostname);
    // A Go program would keep the connection open; here its end marks the end of the answer.
    socket.write(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const [answered = '', ...texts] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answered)?.[1]);
    return { status, text: texts.join('\r\n\r\n') };
  },
  close: () => Promise.resolve(),
};

/** The program in `test/clients/go`, compiled. */
export class RealGo implements GoClient {
  private readonly lines: Interface;

  private constructor(
    private readonly folder: string,
    private readonly program: ChildProcessWithoutNullStreams,
  ) {
    this.lines = createInterface({ input: program.stdout });
  }

  static async start(): Promise<RealGo> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-go-'));
    const program = join(folder, 'client');
    await run('go', ['build', '-o', program, '.'], { cwd: resolve('test/clients/go') });
    return new RealGo(folder, spawn(program));
  }

  async send(call: Call): Promise<HttpAnswer> {
    const answered = once(this.lines, 'line') as Promise<[string]>;
    this.program.stdin.write(`${JSON.stringify(call)}\n`);
    const [line] = await answered;
    return JSON.parse(line) as HttpAnswer;
  }

  async close(): Promise<void> {
    const ended = once(this.program, 'exit');
    this.program.stdin.end();
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
