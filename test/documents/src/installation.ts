import { freePort } from '#testing';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { BerthDev } from '../../end-to-end/src/berth-dev.js';
import type { Place } from './shell.js';

const ROOT = process.cwd();

/** The number of slots that the documents need, including one that they retire, and one spare. */
const SLOTS = 6;

/** Agents that the documents start beside the one of `berth dev`. */
const MACHINES = ['arena', 'sdk'] as const;

/** The file in which a Unity project describes its Multiplay builds. */
const GSH = `version: 1.0
builds:
  pier server: { executableName: pier, buildPath: Out/Linux }
buildConfigurations:
  pier ctf:
    build: pier server
    queryType: none
    binaryPath: pier
    commandLine: -port $$port$$
    variables: {}
fleets:
  pier fleet:
    buildConfigurations: [pier ctf]
    regions:
      North America: { minAvailable: 0, maxServers: 1 }
      Europe: { minAvailable: 0, maxServers: 1 }
`;

/** The files that a reader of the documents has on the machine. */
const FILES: Readonly<Record<string, string>> = {
  'my-server': '#!/bin/sh\nexec sleep 600\n',
  'out/server': '#!/bin/sh\nexec sleep 600\n',
  'out/server.pdb': 'symbols',
  'Out/Linux/pier': '#!/bin/sh\nexec sleep 600\n',
  'Assets/Multiplay/game.gsh': GSH,
  'game.gsh': GSH,
  'my-matchmaker/package.json': '{ "private": true }',
  'my-game/package.json': '{ "private": true, "type": "module" }',
  'bin/nats': `#!/bin/sh\nexec node ${ROOT}/dist/test/documents/src/nats-request.js "$@"\n`,
  // Makes curl fail with an answer of 400 or above, which a reader would take for an error.
  '.curlrc': 'fail-with-body\n',
};

const slots = z.object({
  slots: z.array(z.object({ id: z.string(), agent: z.string(), status: z.string() })),
});

/** One machine with all of Berth, and a reader who types what the documents print. */
export class Installation {
  private readonly berth: BerthDev;

  private constructor(
    /** The folder with the reader's own files. */
    readonly home: string,
    private readonly sdkPort: number,
  ) {
    this.berth = new BerthDev({
      ...process.env,
      BERTH_SDK_PORT: String(sdkPort),
      // The reader's shell asks, and is no game.
      BERTH_SDK_CALLERS: 'any',
    });
  }

  static async start(): Promise<Installation> {
    const home = await mkdtemp(join(tmpdir(), 'berth-documents-'));
    const installation = new Installation(home, await freePort());
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), text);
    }
    for (const path of ['my-server', 'out/server', 'Out/Linux/pier', 'bin/nats']) {
      await chmod(join(home, path), 0o755);
    }
    for (const machine of MACHINES) await installation.berth.enroll(machine);
    await installation.berth.start(SLOTS);
    return installation;
  }

  get api(): string {
    return this.berth.api;
  }

  get natsUrl(): string {
    return this.berth.natsUrl;
  }

  /** The settings of an agent that joins, one of `MACHINES`. */
  login(machine: string): NodeJS.ProcessEnv {
    return this.berth.login(machine);
  }

  get sdkUrl(): string {
    return `http://127.0.0.1:${this.sdkPort}`;
  }

  /** README and CONTRIBUTING are read in the project's folder, other documents anywhere. */
  placeOf(document: string, more: NodeJS.ProcessEnv = {}): Place {
    const env = {
      ...process.env,
      PATH: [join(this.home, 'bin'), process.env['PATH']].join(delimiter),
      // `npm link` puts `berth` into the `bin` folder of this prefix.
      npm_config_prefix: this.home,
      npm_config_prefer_offline: 'true',
      CURL_HOME: this.home,
      BERTH_API: this.api,
      NATS_URL: this.natsUrl,
      // What the log holds is for auditors alone.
      ...(document === 'docs/audit.md' && this.berth.login('auditor')),
      ...more,
    };
    return { cwd: document.startsWith('docs/') ? this.home : ROOT, env };
  }

  /** The text of a block, with this machine's values in place of the documented ones. */
  async adapted(text: string): Promise<string> {
    const { id, agent } = await this.freeSlot();
    const words: readonly (readonly [printed: string | RegExp, here: string])[] = [
      ['localhost:8080', this.api.replace('http://', '')],
      ['nats://localhost:4222', this.natsUrl],
      ['nats://10.0.0.5:4222', this.natsUrl],
      ['../berth/', `${ROOT}/`],
      ['../my-matchmaker', join(this.home, 'my-matchmaker')],
      ['--region eu', '--region local'],
      ['--rebuild eu', '--rebuild local'],
      ["'North America=us'", "'North America=local'"],
      ['Europe=eu', 'Europe=local'],
      ['eu.host-1.3', id],
      ['eu.harbour', 'local.sample'],
      ['REGION.AGENT.SLOT', id],
      ['REGION.AGENT', `local.${agent}`],
      ['TARGET', `local.${agent}`],
      ['REGION.FLEET', 'local.sample'],
      ['REGION.BUILD', 'local.winter'],
      ['slots/ID', `slots/${id}`],
      ['revoke ID', `revoke $(grep -om1 '[0-9a-f]\\{12\\}' tokens.json)`],
    ];
    return words.reduce((said, [printed, here]) => said.replaceAll(printed, here), text);
  }

  /** A slot of the sample game without a session. */
  async freeSlot() {
    const response = await fetch(`${this.api}/v1/slots?limit=1000`);
    const all = slots.parse(await response.json()).slots;
    const free = all.find(({ agent, status }) => /^dev/.test(agent) && status === 'available');
    if (free === undefined) throw new Error(`no slot is free: ${JSON.stringify(all)}`);
    return free;
  }

  async close(): Promise<void> {
    await this.berth.dispose();
    await rm(this.home, { recursive: true, force: true });
  }

  path(...parts: readonly string[]): string {
    return resolve(this.home, ...parts);
  }
}
