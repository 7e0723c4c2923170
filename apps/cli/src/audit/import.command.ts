import { startNatsServer, type NatsServer } from '#nats-server';
import { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { show, type Print } from '../operate/common-options.js';
import { importFile, type Imported } from './import.js';

/** `berth audit import`: an export in a nats-server of its own, to be studied. */
export function importAuditCommand(print: Print): Command {
  return new Command('import')
    .argument('<file>', 'JSON lines, as `berth audit export` writes them')
    .description('start a nats-server with a copy of the events, for the other commands to read')
    .option('--json', 'print as JSON where the copy is, and how much of it')
    .action(async (file: string, options: { readonly json?: true }) => {
      const ended = new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
          process.once(signal, resolve);
        }
      });
      await withCopy(file, async (server, imported) => {
        const { url } = server;
        show(print, options, { url, ...imported }, () => textOf(server, imported));
        await ended;
      });
    });
}

/** Runs a nats-server with a copy of the events for as long as `work` takes; nothing of it is kept. */
export async function withCopy<T>(
  file: string,
  work: (server: NatsServer, imported: Imported) => Promise<T>,
): Promise<T> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'berth-copy-'));
  try {
    const server = await startNatsServer({ dataDirectory, syncAlways: false });
    try {
      return await work(server, await importFile(file, server));
    } finally {
      await server.stop();
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

function textOf({ url }: NatsServer, { region, events, leftOut }: Imported): string {
  const options = `--region ${region} --nats ${url}`;
  return [
    `${events.toLocaleString('en')} events of ${region} are at ${url} until Ctrl-C:`,
    `  berth audit verify ${options}`,
    `  berth audit at 2h ${options}`,
    ...(leftOut === 0 ? [] : [`${leftOut} lines were left out: their events cannot be read`]),
  ].join('\n');
}
