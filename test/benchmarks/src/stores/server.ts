import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, chmod, mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_WITHIN_MS = 20_000;
const LOOK_MS = 50;

/** A database server that runs as long as the benchmark. */
export interface StoreServer {
  readonly pid: number;
  stop(): Promise<void>;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** The account of the package, for servers that refuse to run as root. */
export async function accountOf(name: string): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
  return uid === undefined || gid === undefined ? {} : { uid: Number(uid), gid: Number(gid) };
}

/** A folder that the account can reach, and that no other account can read. */
export async function folderFor({ uid, gid }: Account, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (uid === undefined || gid === undefined) return;
  await chmod(dirname(folder), 0o711);
  await chown(folder, uid, gid);
}

/** A program from the PATH, or from the folder where Debian puts the newest version. */
export async function findProgram(name: string, folder?: string): Promise<string | undefined> {
  const places = (process.env['PATH'] ?? '').split(':');
  if (folder !== undefined) {
    const versions = await readdir(folder).catch(() => []);
    places.push(
      ...versions
        .sort()
        .reverse()
        .map((version) => join(folder, version, 'bin')),
    );
  }
  for (const place of places) {
    const path = join(place, name);
    if (await stat(path).catch(() => undefined)) return path;
  }
  return undefined;
}

export function runOnce(program: string, args: readonly string[], account: Account): void {
  const { status, stderr } = spawnSync(program, args, { ...account, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
}

/** Starts a server and waits for its socket; it ends with this process. */
export async function startStore(
  program: string,
  args: readonly string[],
  { account = {}, socket }: { readonly account?: Account; readonly socket: string },
): Promise<StoreServer> {
  const child = spawn(program, args, { ...account, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  const end = () => void child.kill('SIGINT');
  process.once('exit', end);
  for (let waited = 0; !(await stat(socket).catch(() => undefined)); waited += LOOK_MS) {
    if (waited >= READY_WITHIN_MS || child.exitCode !== null) {
      end();
      throw new Error(`${program} did not start`);
    }
    await sleep(LOOK_MS);
  }
  return {
    pid: child.pid ?? NaN,
    async stop() {
      process.off('exit', end);
      end();
      await exited;
    },
  };
}
