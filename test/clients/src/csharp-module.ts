import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ModuleAnswer, ModuleSettings } from './berth-module.js';
import { isOnPath } from './path.js';

const run = promisify(execFile);

/** The output of `Program.cs`. */
const printed = z.object({
  Status: z.enum(['Created', 'Pending', 'Allocated', 'Error']),
  AssignmentData: z
    .object({ Ip: z.string(), Port: z.int(), CustomData: z.object({ token: z.string() }) })
    .nullish(),
});

const MODULE = resolve('examples/unity-matchmaker');

/** From Debian's `libnewtonsoft-json5.0-cil`. */
const NEWTONSOFT = '/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll';

/** What is missing to compile and run the module here; null if nothing is. */
export const csharpIsMissing: string | null =
  isOnPath('mcs') && isOnPath('mono') && existsSync(NEWTONSOFT)
    ? null
    : 'needs mono-mcs, mono-runtime and libnewtonsoft-json5.0-cil';

/** The module itself, compiled with changed settings, and called as Matchmaker calls it. */
export class CSharpBerthModule {
  private constructor(
    private readonly folder: string,
    private readonly token: string,
  ) {}

  static async compile({ gatewayUrl, fleet, token }: ModuleSettings): Promise<CSharpBerthModule> {
    const folder = await mkdtemp(join(tmpdir(), 'berth-csharp-'));
    const project = join(MODULE, 'Project');
    const shipped = await readFile(join(project, 'Settings.cs'), 'utf8');
    const settings = shipped
      .replace(/GatewayUrl = ".*"/, `GatewayUrl = "${gatewayUrl}"`)
      .replace(/Fleet = ".*"/, `Fleet = "${fleet}"`)
      .replace(/DefaultRegion = ".*"/, 'DefaultRegion = "local"');
    await writeFile(join(folder, 'Settings.cs'), settings);
    await copyFile(NEWTONSOFT, join(folder, 'Newtonsoft.Json.dll'));
    const sources = [
      ...['BerthAllocator.cs', 'BerthGateway.cs'].map((name) => join(project, name)),
      ...['StandIns.cs', 'Program.cs'].map((name) => join(MODULE, 'test', name)),
      join(folder, 'Settings.cs'),
    ];
    const references = ['-r:System.Net.Http', `-r:${join(folder, 'Newtonsoft.Json.dll')}`];
    const options = ['-warnaserror', `-out:${join(folder, 'module.exe')}`, ...references];
    await run('mcs', [...options, ...sources]);
    return new CSharpBerthModule(folder, token);
  }

  async allocate(matchId: string, region: string): Promise<ModuleAnswer> {
    return this.call('allocate', matchId, region);
  }

  async poll(matchId: string, region: string, secondsAgo: number): Promise<ModuleAnswer> {
    return this.call('poll', matchId, region, String(secondsAgo));
  }

  async dispose(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async call(...words: readonly string[]): Promise<ModuleAnswer> {
    const program = join(this.folder, 'module.exe');
    const env = { ...process.env, BERTH_TOKEN: this.token };
    const { stdout } = await run('mono', [program, ...words], { env });
    const { Status, AssignmentData } = printed.parse(JSON.parse(stdout));
    if (!AssignmentData) return { status: Status };
    const { Ip, Port, CustomData } = AssignmentData;
    return { status: Status, ip: Ip, port: Port, token: CustomData.token };
  }
}
