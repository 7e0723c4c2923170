import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, type Dirent } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Machine } from './machine.js';
import type { Operator, Said } from './operator.js';

const GAME = resolve('dist/examples/game-server/src/main.js');

/** The large file of the build. */
export const LARGE = 'maps/data';

const CONFIGURATION = `
build: { name: harbour }
executable: bin/server
arguments: [--port, '{port}', --callback-port, '{callback_port}']
callback: { kind: http }
`;

/**
 * A build "harbour" that is pushed to a machine's region, with a configuration of the same name.
 */
export class PushedBuild {
  readonly source: string;

  constructor(
    private readonly machine: Machine,
    private readonly mebibytes: number,
  ) {
    this.source = join(machine.folder, 'game');
  }

  async push(operator: Operator): Promise<Said> {
    await this.write();
    const pushed = await operator.berth('builds', 'push', 'local.harbour', this.source);
    const file = join(this.machine.folder, 'harbour.yaml');
    await writeFile(file, CONFIGURATION);
    await operator.berth('build-configurations', 'set', 'local.harbour', '--file', file);
    return pushed;
  }

  /** Changes all free slots to the build configuration. */
  async run(operator: Operator): Promise<void> {
    const words = ['--build-configuration', 'harbour', '--at-a-time', '2'];
    await operator.berth('fleet', 'configure', 'local.default', ...words);
  }

  /** Resolves when this many slots run it, and all slots are warm. */
  async running(count: number): Promise<void> {
    const slots = () => [...this.machine.slots.values()];
    const isRunning = ({ state: { context } }: ReturnType<typeof slots>[number]) =>
      context.process?.buildConfiguration === 'harbour';
    await this.machine.until(() => slots().filter(isRunning).length === count);
    await this.machine.whenAllWarm();
  }

  /** The path of an agent's copy of the large file. */
  fileOf(agent: string): string {
    const trees = join(this.machine.dataOf(agent), 'builds', 'trees');
    const isTree = (entry: Dirent) => entry.isDirectory();
    const tree = readdirSync(trees, { withFileTypes: true }).find(isTree);
    return join(trees, tree?.name ?? '', LARGE);
  }

  /** Writes the game of the examples, and random data. */
  private async write(): Promise<void> {
    mkdirSync(join(this.source, 'bin'), { recursive: true });
    mkdirSync(join(this.source, 'maps'));
    const script = `#!/bin/sh\nexec '${process.execPath}' '${GAME}' "$@"\n`;
    await writeFile(join(this.source, 'bin', 'server'), script, { mode: 0o755 });
    const file = await open(join(this.source, LARGE), 'w');
    for (let written = 0; written < this.mebibytes; written += 1) {
      await file.write(randomBytes(1024 * 1024));
    }
    await file.close();
  }
}
