import { isLoopback, SystemClock } from '#service-runtime';
import { Command } from 'commander';
import { once } from 'node:events';
import { WrongUsage } from '../exit-codes.js';
import type { Print } from '../operate/common-options.js';
import { admission } from './admission.js';
import { onFolder, portOption, type FolderOptions } from './options.js';
import { reloadServer } from './reload-server.js';

interface AdmitOptions extends FolderOptions {
  readonly host: string;
  readonly port: number;
  readonly httpsCert?: string;
  readonly httpsKey?: string;
  readonly natsPid?: string;
}

const ADMIT = `
A machine shows the secret of \`berth enroll NAME --invite 15m\` by
\`berth join\`. A secret is good once. With --nats-pid the nats-server on this
machine reads accounts.conf again at once; copy the file to the others.`;

export function admitCommand(print: Print): Command {
  return onFolder(new Command('admit'))
    .description('let machines enroll themselves by invitation, until Ctrl-C')
    .option('--host <address>', 'where it listens', '127.0.0.1')
    .option('--port <port>', 'where it listens', portOption, 4300)
    .option('--https-cert <path>', 'certificate (PEM); required beyond this machine')
    .option('--https-key <path>', 'its key (PEM)')
    .option('--nats-pid <path>', "file with nats-server's process id, which is reloaded")
    .addHelpText('after', ADMIT)
    .action(async ({ host, port, httpsCert: cert, httpsKey: key, ...options }: AdmitOptions) => {
      if ((cert === undefined) !== (key === undefined)) {
        throw new WrongUsage('--https-cert and --https-key belong together');
      }
      const tls = cert === undefined || key === undefined ? {} : { tls: { cert, key } };
      if (cert === undefined && !isLoopback(host)) {
        throw new WrongUsage('secrets would cross the network in clear: give --https-cert');
      }
      const { folder, natsPid } = options;
      const reload = () => {
        if (natsPid !== undefined) reloadServer(natsPid);
      };
      const server = await admission({
        ...{ folder, clock: new SystemClock(), tell: print, reload },
        ...tls,
      });
      server.listen(port, host);
      await once(server, 'listening');
      print(`machines enroll at ${cert === undefined ? 'http' : 'https'}://${host}:${port}`);
      process.once('SIGINT', () => server.close());
      await once(server, 'close');
    });
}
