import { identityNamed, isOwner, ROLES } from '#permissions';
import { isLoopback } from '#service-runtime';
import { Command, InvalidArgumentError, Option } from 'commander';
import { show, type Print } from '../operate/common-options.js';
import { listed, regionsIn } from '../operate/option-values.js';
import { table } from '../operate/table.js';
import { AccessFolder } from './access-folder.js';
import { lifetimeMs } from '../tokens/lifetime.js';
import { admitCommand } from './admit.command.js';
import { onFolder, portOption, type FolderOptions } from './options.js';
import { urlOf, writeServerFiles } from './server-files.js';

interface ConfigOptions extends FolderOptions {
  readonly regions: readonly string[];
  readonly servers: readonly string[];
  readonly port: number;
  readonly clusterPort: number;
  readonly store: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsCa?: string;
  readonly operator?: true;
  readonly expires?: number;
}

/** Who is there from the start. Machines come by `berth enroll`. */
const FIRST = [
  ['allocator', 'allocator'],
  ['gateway', 'gateway'],
  ['client', 'matchmaker'],
  ['operator', 'operator'],
  ['auditor', 'auditor'],
] as const;

export function natsCommand(print: Print): Command {
  return new Command('nats')
    .description('who may do what on NATS, and the configuration of nats-server for it')
    .addCommand(configCommand(print))
    .addCommand(listCommand(print))
    .addCommand(revokeCommand(print))
    .addCommand(admitCommand(print));
}

const CONFIG = `
Writes nats-N.conf for each server, accounts.conf with what each identity may
do, a seed and a file of settings for each identity. Written again, keys stay as
they are. No file holds both halves of a key; accounts.conf and nats-N.conf go
to the servers, a seed to its service, and the folder to nobody.

  berth nats config --regions eu --servers n1.example,n2.example,n3.example \\
    --tls-cert /etc/nats/tls.crt --tls-key /etc/nats/tls.key \\
    --tls-ca /etc/nats/ca.crt`;

function configCommand(print: Print): Command {
  return onFolder(new Command('config'))
    .description('write the configuration of one nats-server, or of three')
    .option('--json', 'as JSON')
    .option('--regions <list>', 'regions of this installation, comma separated', regionsIn, [
      'local',
    ])
    .option('--servers <hosts>', 'one host, or three, comma separated', listed, ['127.0.0.1'])
    .option('--port <port>', 'where services connect', portOption, 4222)
    .option('--cluster-port <port>', 'where servers connect to each other', portOption, 6222)
    .option('--store <folder>', 'where a server keeps its streams', '/var/lib/nats')
    .option('--tls-cert <path>', "a server's certificate, on its own machine")
    .option('--tls-key <path>', 'its key')
    .option('--tls-ca <path>', 'certificates that it is signed by')
    .option('--operator', 'identities are users of an operator, with JWTs')
    .option(
      '--expires <time>',
      'with an operator, when new credentials end: 180d if never said',
      lifetimeMs,
    )
    .addHelpText('after', CONFIG)
    .action(async (options: ConfigOptions) => {
      const folder = await AccessFolder.open(options.folder);
      const servers = serversOf(options);
      const isConverted = options.operator && !folder.isOperated && folder.identities.length > 0;
      if (options.operator) await folder.makeOperator();
      if (options.expires !== undefined) folder.setCredentialMs(options.expires);
      folder.setServers(urlOf(servers), options.tlsCa);
      await enrollFirst(folder, options.regions);
      await folder.save();
      const paths = await writeServerFiles(folder, servers);
      const written = [...paths, folder.accountsFile];
      const names = folder.identities.map(({ name }) => name);
      show(print, options, { written, identities: names, folder: folder.path }, () =>
        [
          `written: ${written.join(', ')}`,
          `for each of ${names.join(', ')}:`,
          `  ${folder.isOperated ? 'credentials in creds' : 'a seed in seeds'}, settings in settings, in ${folder.path}`,
          ...(servers.tls === undefined && !options.servers.every(isLoopback)
            ? ['without --tls-cert and --tls-key everything is readable on the network']
            : []),
          ...(isConverted ? conversion(options.store, folder.streamsAccount ?? '') : []),
          'a machine is let in by: berth enroll MACHINE',
        ].join('\n'),
      );
    });
}

/** Streams belong to accounts, which have other names with an operator. */
function conversion(store: string, account: string): readonly string[] {
  return [
    'each identity keeps its key, and needs its credentials file and its settings anew',
    'the streams of one nats-server stay, once it has stopped and before it starts again:',
    `  mv ${store}/jetstream/BERTH \\`,
    `    ${store}/jetstream/${account}`,
    '(three servers: restore a backup)',
  ];
}

function serversOf(options: ConfigOptions) {
  const { servers: hosts, port, clusterPort, store: storeDirectory } = options;
  const { tlsCert: cert, tlsKey: key, tlsCa: ca } = options;
  if (hosts.length !== 1 && hosts.length !== 3) {
    throw new InvalidArgumentError('--servers: one, or three: two are worth less than one');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new InvalidArgumentError('--tls-cert and --tls-key belong together');
  }
  const tls =
    cert !== undefined && key !== undefined ? { cert, key, ...(ca && { ca }) } : undefined;
  return { hosts, port, clusterPort, storeDirectory, ...(tls && { tls }) };
}

/** Those of all regions, and a registrar for each region. */
async function enrollFirst(folder: AccessFolder, regions: readonly string[]): Promise<void> {
  const registrars = regions.map((region) => {
    const name = regions.length === 1 ? 'registrar' : `registrar-${region}`;
    return identityNamed('registrar', name, [region]);
  });
  const everywhere = FIRST.map(([role, name]) => identityNamed(role, name, regions));
  for (const identity of [...everywhere, ...registrars]) {
    if (folder.find(identity.name) === undefined) await folder.enroll(identity);
    else if (!isOwner(identity.role)) folder.setRegions(identity.name, identity.regions);
  }
}

function listCommand(print: Print): Command {
  return onFolder(new Command('identities'))
    .description('list who may log in')
    .option('--json', 'as JSON')
    .action(async (options: FolderOptions) => {
      const { identities, isOperated } = await AccessFolder.open(options.folder);
      const rows = [...identities]
        .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))
        .map(({ role, name, regions, nkeys, until }) => {
          const ends = nkeys.map((key) => dayOf(until?.[key])).join(' ');
          const about = [name, role, regions.join(', '), ...(isOperated ? [ends] : [])];
          return [...about, nkeys.join(' ')];
        });
      const until = isOperated ? ['until'] : [];
      const headings = ['name', 'role', 'regions', ...until, 'public keys'];
      show(print, options, identities, () => table(headings, rows));
    });
}

function revokeCommand(print: Print): Command {
  return onFolder(new Command('revoke'))
    .description('let an identity in no longer')
    .option('--json', 'as JSON')
    .argument('<name>', 'as `berth nats identities` shows it')
    .addOption(new Option('--older', 'only its older keys, after it was given a new one'))
    .action(async (name: string, options: FolderOptions & { older?: true }) => {
      const folder = await AccessFolder.open(options.folder);
      await folder.revoke(name, { older: options.older === true });
      await folder.save();
      const written = folder.accountsFile;
      const text = `${written} is written; nats-server --signal reload makes it count`;
      show(print, options, { name, written }, () => text);
    });
}

/** The day of an instant (epoch ms), in UTC. */
function dayOf(instant: number | undefined): string {
  return instant === undefined ? 'no end' : new Date(instant).toISOString().slice(0, 10);
}
