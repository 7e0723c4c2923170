import { errorMessage } from '#kernel';
import { isLoopback } from '#service-runtime';
import { nkeys } from '@nats-io/transport-node';
import { Command } from 'commander';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { WrongUsage } from '../exit-codes.js';
import { ApiFailure, NoServer } from '../operate/api.js';
import { show, type Print } from '../operate/common-options.js';
import { admitted, refusedAdmission } from './admission.js';
import { SEED_ELSEWHERE } from './operator-keys.js';
import { writeWhole } from './written.js';

interface JoinOptions {
  readonly secretFile: string;
  readonly into: string;
  readonly json?: true;
}

const ANSWER_MS = 15_000;

const JOIN = `
Makes the key of this machine here, sends its public half with the secret, and
writes three files: the seed, the authority's certificates, and settings for
\`berth agent\`. The seed never leaves the machine.

  berth enroll machine-1 --region eu --invite 15m   (there: prints the secret)
  berth join https://ops.example:4300 --secret-file invitation   (here)`;

export function joinCommand(print: Print): Command {
  return new Command('join')
    .argument('<url>', 'where `berth nats admit` listens')
    .description('enroll this machine, by invitation')
    .requiredOption('--secret-file <path>', 'file with the secret of the invitation')
    .option('--into <folder>', 'where the files are written', 'nats-login')
    .option('--json', 'as JSON')
    .addHelpText('after', JOIN)
    .action(async (url: string, { secretFile, into, json }: JoinOptions) => {
      const { protocol, hostname } = urlOf(url);
      const host = hostname.replace(/^\[(.*)\]$/, '$1');
      if (protocol !== 'https:' && !isLoopback(host)) {
        throw new WrongUsage('the secret would cross the network in clear: use https://');
      }
      const pair = nkeys.createUser();
      const seed = Buffer.from(pair.getSeed()).toString();
      const secret = (await readFile(secretFile, 'utf8')).trim();
      const { name, settings, credentials, ca } = await enroll(url, secret, pair.getPublicKey());
      const folder = resolve(into);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = (ending: string) => join(folder, `${name}.${ending}`);
      const [file, text] =
        credentials === undefined
          ? [path('nk'), `${seed}\n`]
          : [path('creds'), credentials.replace(SEED_ELSEWHERE, seed)];
      await writeWhole(file, text);
      if (ca !== undefined) await writeWhole(path('ca.pem'), ca);
      const all = {
        ...settings,
        [credentials === undefined ? 'NATS_NKEY_FILE' : 'NATS_CREDS_FILE']: file,
        ...(ca !== undefined && { NATS_CA_FILE: path('ca.pem') }),
      };
      const lines = Object.entries(all).map(([key, value]) => `${key}=${value}\n`);
      await writeWhole(path('env'), lines.join(''));
      const written = path('env');
      const line = `enrolled as ${name}; settings are in ${written}`;
      show(print, { json }, { name, settings: written }, () => line);
    });
}

async function enroll(url: string, secret: string, publicKey: string) {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify({ secret, publicKey }),
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: unknown) => {
    throw new NoServer(`no answer from ${url}: ${errorMessage(error)}`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const { data: welcome } = admitted.safeParse(answer);
  if (response.ok && welcome !== undefined) return welcome;
  const { data: refused } = refusedAdmission.safeParse(answer);
  if (refused !== undefined) throw new ApiFailure(refused.message);
  throw new NoServer(`what answers at ${url} is not berth nats admit`);
}

function urlOf(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new WrongUsage(`"${text}" is not like https://ops.example:4300`);
}
