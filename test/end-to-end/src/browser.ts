import { describe } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

/** No operation in our pages takes longer than this (ms). */
const WITHIN_MS = 30_000;

const OPTIONS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--remote-debugging-port=0',
];

/** Tests that need a browser, given its program: skipped, with the reason, if there is none. */
export function describeInBrowser(title: string, tests: (program: string) => void): void {
  const program = installedBrowser();
  if (program !== null) describe(title, () => tests(program));
  else describe.skip(`${title} (skipped: no Chromium is installed)`, () => tests(''));
}

/** A browser that supports the DevTools protocol; null if this machine has none. */
function installedBrowser(): string | null {
  const folders = (process.env['PATH'] ?? '').split(':');
  const found = PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return found.find((path) => existsSync(path)) ?? null;
}

interface Said {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

interface Evaluated {
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

/** One page in a headless browser, controlled over the Chrome DevTools Protocol. */
export class BrowserPage {
  /** Every address that the page has requested. */
  readonly asked: string[] = [];
  /** Errors on the console, uncaught exceptions, and blocked requests. */
  readonly errors: string[] = [];
  private readonly waiting = new Map<number, (said: Said) => void>();
  private session: string | undefined;
  private commands = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data: Buffer) => this.hear(JSON.parse(data.toString()) as Said));
  }

  /** @param data a folder for the browser's files; the caller has to remove it */
  static async open(program: string, data: string): Promise<BrowserPage> {
    const child = spawn(program, [...OPTIONS, `--user-data-dir=${data}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const socket = new WebSocket(await addressOf(child));
    await once(socket, 'open', { signal: AbortSignal.timeout(WITHIN_MS) });
    const page = new BrowserPage(child, socket);
    const { targetId } = await page.command('Target.createTarget', { url: 'about:blank' });
    const attached = await page.command('Target.attachToTarget', { targetId, flatten: true });
    page.session = String(attached['sessionId']);
    for (const domain of ['Network', 'Runtime', 'Log', 'Page']) {
      await page.command(`${domain}.enable`);
    }
    return page;
  }

  async visit(url: string): Promise<void> {
    await this.command('Page.navigate', { url });
  }

  /** The value of an expression in the page, once it is neither null nor undefined. */
  async read(expression: string): Promise<unknown> {
    const script = `new Promise((resolve) => {
      const look = () => {
        const found = ${expression};
        if (found === null || found === undefined) return;
        observer.disconnect();
        resolve(found);
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true, attributes: true });
      look();
    })`;
    const evaluation = { expression: script, awaitPromise: true, returnByValue: true };
    const answer = (await this.command('Runtime.evaluate', evaluation)) as Evaluated;
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.text);
    return answer.result?.value;
  }

  /** Clicks on the element that the selector matches, as soon as there is one. */
  async click(selector: string): Promise<void> {
    const found = `document.querySelector(${JSON.stringify(selector)})`;
    await this.read(`${found} && (${found}.click(), true)`);
  }

  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.socket.terminate();
    this.child.kill('SIGKILL');
    await ended;
  }

  private async command(
    method: string,
    params: object = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const id = (this.commands += 1);
    const { session: sessionId } = this;
    const late = AbortSignal.timeout(WITHIN_MS);
    const answer = new Promise<Said>((resolve, reject) => {
      this.waiting.set(id, resolve);
      late.addEventListener('abort', () => reject(new Error(`${method} took too long`)));
    });
    this.socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    const { result = {}, error } = await answer;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  private hear(said: Said): void {
    const { id, method, params = {} } = said;
    if (id !== undefined) this.waiting.get(id)?.(said);
    if (method === 'Network.requestWillBeSent') {
      this.asked.push((params['request'] as { readonly url: string }).url);
    }
    const isError =
      method === 'Runtime.exceptionThrown' ||
      (method === 'Runtime.consoleAPICalled' && params['type'] === 'error') ||
      (method === 'Log.entryAdded' &&
        (params['entry'] as { readonly level: string }).level === 'error');
    if (isError) this.errors.push(JSON.stringify(params).slice(0, 500));
  }
}

/** The address on which the browser listens, which it prints when it is ready. */
async function addressOf(child: ChildProcess): Promise<string> {
  let output = '';
  const late = AbortSignal.timeout(WITHIN_MS);
  return await new Promise<string>((resolve, reject) => {
    const fail = () => reject(new Error(`the browser did not start: ${output}`));
    late.addEventListener('abort', fail);
    child.once('error', fail);
    child.once('exit', fail);
    child.stderr?.on('data', (text: Buffer) => {
      output += text.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}
