import {
  SCOPES,
  SCOPE_NAMES,
  changeTokens,
  mintToken,
  rateText,
  readTokens,
  type AccessToken,
  type Rate,
  type Scope,
} from '#auth';
import { projectName } from '#slot';
import { Command, InvalidArgumentError, Option } from 'commander';
import { randomBytes } from 'node:crypto';
import { show, type Print } from '../operate/common-options.js';
import { listed, regionsIn } from '../operate/option-values.js';
import { table } from '../operate/table.js';
import { broken } from '../terminal.js';
import { lifetimeMs } from './lifetime.js';

interface FileOptions {
  readonly file: string;
  readonly json?: true;
}

interface CreateOptions extends FileOptions {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expires?: number;
  readonly rate?: Rate;
  readonly regions?: readonly string[];
  readonly project?: string;
}

/** Manages access tokens in the file that gateways read (`BERTH_TOKENS`). */
export function tokensCommand(print: Print): Command {
  return new Command('tokens')
    .description('make, list and revoke access tokens')
    .addCommand(createCommand(print))
    .addCommand(listCommand(print))
    .addCommand(revokeCommand(print));
}

function createCommand(print: Print): Command {
  return onFile(new Command('create'))
    .description('make a token, and print it once')
    .requiredOption('--name <text>', 'name of its holder')
    .requiredOption(
      '--scopes <list>',
      `what it may do, comma separated: ${SCOPE_NAMES.join(', ')}`,
      scopesIn,
    )
    .option(
      '--expires <time>',
      'when it expires: after 30m, 12h or 90d; never if not given',
      lifetimeMs,
    )
    .option('--rate <qps/burst>', 'requests per second and burst, such as 100/200', rateIn)
    .option(
      '--regions <list>',
      'regions it is valid in, comma separated; all if not given',
      regionsIn,
    )
    .option(
      '--project <name>',
      'what it asks for, and sees, belongs to this project; if not given, to the default project, and with observe, operate or audit it sees all of them',
      projectIn,
    )
    .addHelpText('after', `\nScopes:\n${scopesHelp()}`)
    .action(async ({ file, json, expires, ...wish }: CreateOptions) => {
      const now = Date.now();
      const expiresAt = expires === undefined ? undefined : new Date(now + expires);
      const { token, text } = mintToken({ ...wish, expiresAt }, randomBytes, now);
      await changeTokens(file, (tokens) => [...tokens, token]);
      const { digest: _, ...kept } = token;
      show(print, { json }, { ...kept, token: text }, () =>
        [
          text,
          '',
          `This is the only time it is shown: only its hash is kept, in ${file}.`,
          `Gateways that read this file accept it within a second. To revoke it:`,
          `  berth tokens revoke ${token.id} --file ${file}`,
        ].join('\n'),
      );
    });
}

function listCommand(print: Print): Command {
  return onFile(new Command('list'))
    .description('list the tokens, without their secrets')
    .action(async (options: FileOptions) => {
      const tokens = (await readTokens(options.file)).map(({ digest: _, ...token }) => token);
      const headings = ['id', 'name', 'scopes', 'project', 'regions', 'rate', 'created', 'expires'];
      show(print, options, tokens, () => table(headings, tokens.map(row)));
    });
}

function revokeCommand(print: Print): Command {
  return onFile(new Command('revoke'))
    .description('revoke a token')
    .argument('<id>', 'its id, from `berth tokens list`')
    .action(async (id: string, { file, json }: FileOptions) => {
      await changeTokens(file, (tokens) => {
        const others = tokens.filter((token) => token.id !== id);
        if (others.length < tokens.length) return others;
        throw new Error(
          `there is no token ${id} in ${file}; berth tokens list shows those there are`,
        );
      });
      const text = `${id} is revoked; gateways that read ${file} refuse it within a second`;
      show(print, { json }, { id, revoked: true }, () => text);
    });
}

function onFile(command: Command): Command {
  return command
    .addOption(
      new Option('--file <path>', 'the file of tokens').env('BERTH_TOKENS').default('tokens.json'),
    )
    .option('--json', 'as JSON');
}

function row(token: Omit<AccessToken, 'digest'>): readonly string[] {
  const { id, name, scopes, project, regions, rate, createdAt, expiresAt } = token;
  return [
    id,
    name,
    scopes.join(', '),
    project ?? '',
    regions?.join(', ') ?? 'all',
    rate === null ? '' : `${rate.qps}/${rate.burst}`,
    createdAt,
    expiresAt ?? 'never',
  ];
}

function scopesHelp(): string {
  return Object.entries(SCOPES)
    .flatMap(([scope, covers]) => broken(`  ${scope.padEnd(10)}${covers}`, 80))
    .join('\n');
}

function scopesIn(text: string): readonly Scope[] {
  const scopes = listed(text);
  const isScope = (scope: string): scope is Scope => Object.hasOwn(SCOPES, scope);
  if (scopes.every(isScope)) return [...new Set(scopes)];
  throw new InvalidArgumentError(`must be some of ${SCOPE_NAMES.join(', ')}, comma separated`);
}

function projectIn(text: string): string {
  const { success, data, error } = projectName.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError(error.issues[0]?.message ?? 'cannot be a project');
}

function rateIn(text: string): Rate {
  const { success, data } = rateText.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError('must be like 100/200: requests a second, and how many at once');
}
