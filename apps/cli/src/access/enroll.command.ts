import { identityNamed, ROLES, type Identity } from '#permissions';
import { SystemClock } from '#service-runtime';
import type { Role } from '#wire';
import { Command, Option } from 'commander';
import { collected, show, type Print } from '../operate/common-options.js';
import { lifetimeMs } from '../tokens/lifetime.js';
import { AccessFolder } from './access-folder.js';
import { Invitations } from './invitations.js';
import { SEED_ELSEWHERE } from './operator-keys.js';
import { onFolder, type FolderOptions } from './options.js';

interface EnrollOptions extends FolderOptions {
  readonly role: Role;
  readonly region: readonly string[];
  readonly project?: string;
  readonly publicKey?: string;
  readonly again?: true;
  readonly invite?: number;
}

const ENROLL = `
The name is exact: the machine owns slots under it, and can speak for no others.
Take its seed and its file of settings to the machine, or keep the seed there
from the start:

  nk -gen user > machine-1.nk && nk -inkey machine-1.nk -pubout   (there)
  berth enroll machine-1 --region eu --public-key U...            (here)

Or invite it: with --invite 15m a secret is printed, which is good once and for
that long. The machine enrolls itself with it (\`berth join\`), where
\`berth nats admit\` runs.

A new key for one that is there: --again; both count until
\`berth nats revoke NAME --older\`.`;

export function enrollCommand(print: Print): Command {
  return onFolder(new Command('enroll'))
    .argument('<name>', 'of the machine: 1 to 64 letters, digits, "-" and "_"')
    .description('let a machine in to NATS, under its own name and with its own rights')
    .option('--region <name>', 'where it is; all of the folder if not given', collected, [])
    .addOption(new Option('--role <role>', 'what it is').choices(ROLES).default('agent'))
    .option(
      '--project <name>',
      'of a matchmaker, with --role client: it asks for this project alone',
    )
    .option('--public-key <nkey>', 'of a key that was made elsewhere')
    .option('--json', 'as JSON')
    .option('--again', 'one that is there is given a new key')
    .addOption(
      new Option('--invite <time>', 'print a secret by which it enrolls itself: 15m, 2h')
        .argParser(lifetimeMs)
        .conflicts('publicKey'),
    )
    .addHelpText('after', ENROLL)
    .action(async (name: string, options: EnrollOptions) => {
      const { role, region, project, publicKey, again, invite, ...at } = options;
      const folder = await AccessFolder.open(at.folder);
      const before = folder.find(name);
      if (before !== undefined && again !== true) {
        throw new Error(`${name} is there already: --again gives it a new key`);
      }
      const regions = region.length > 0 ? region : (before?.regions ?? regionsOf(folder));
      const identity = identityNamed(role, name, regions, project ?? before?.project);
      if (invite !== undefined) {
        const secret = await invitationTo(folder, identity, invite);
        return show(print, at, { name, role, regions, secret }, () => secret);
      }
      const enrolled = await folder.enroll(identity, publicKey);
      await folder.save();
      const isWhole = publicKey === undefined;
      const seed = isWhole || folder.isOperated ? folder.loginFileOf(enrolled) : undefined;
      const settings = folder.settingsFileOf(enrolled);
      show(print, at, { ...enrolled, seed, settings, written: folder.accountsFile }, () =>
        [
          `${role} ${name} may log in, once nats-server has read ${folder.accountsFile} again`,
          '  (nats-server --signal reload)',
          ...(seed === undefined ? [] : [`  seed      ${seed}`]),
          ...(isWhole || !folder.isOperated
            ? []
            : [`            with its seed for ${SEED_ELSEWHERE}`]),
          `  settings  ${settings}`,
        ].join('\n'),
      );
    });
}

async function invitationTo(folder: AccessFolder, who: Identity, forMs: number): Promise<string> {
  const { role, name, regions, project } = who;
  const wanted = { role, name, regions: [...regions], ...(project !== undefined && { project }) };
  return new Invitations(folder, new SystemClock()).invite(wanted, forMs);
}

function regionsOf({ identities }: AccessFolder): readonly string[] {
  const regions = [...new Set(identities.flatMap((identity) => identity.regions))];
  if (regions.length > 0) return regions;
  throw new Error('there is no identity yet: berth nats config comes first');
}
