import { grantAnswer } from '#http-api';
import { Command, InvalidArgumentError } from 'commander';
import { ApiFailure } from './api.js';
import { apiOf, onApi, show, type CommonOptions, type Print } from './common-options.js';

interface AllocateOptions extends CommonOptions {
  readonly region: string;
  readonly id?: string;
  readonly fleet?: string;
  readonly buildConfiguration?: string;
  readonly attribute: Readonly<Record<string, string>>;
  readonly payload?: unknown;
}

export function allocateCommand(print: Print): Command {
  return onApi(new Command('allocate'))
    .description('ask for a game server')
    .requiredOption('--region <name>', 'region to allocate in', 'local')
    .option('--id <allocation>', 'id of the request; the same id returns the same server again')
    .option('--fleet <name>', 'a slot of this fleet')
    .option('--build-configuration <name>', 'a slot that runs this')
    .option('--attribute <key=value>', 'a slot that has this; may be repeated', attribute, {})
    .option('--payload <json>', 'sent to the game server with its callback', jsonOf)
    .action(async ({ id = crypto.randomUUID(), ...options }: AllocateOptions) => {
      const { api: _, json: __, attribute: attributes, ...wish } = options;
      const body = { ...wish, attributes, allocationId: id };
      const asked = apiOf(options).post('/v1/allocations', body, grantAnswer);
      const answer = await asked.catch((error: unknown) => {
        // By its id the request can be asked again, or looked up.
        if (error instanceof ApiFailure) error.message += `; allocation ${id}`;
        throw error;
      });
      show(print, options, answer, ({ allocationId, slot, address, token }) =>
        [
          `allocation  ${allocationId}`,
          `slot        ${slot}`,
          `address     ${address}`,
          `token       ${token}`,
        ].join('\n'),
      );
    });
}

function attribute(text: string, before: Readonly<Record<string, string>>) {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('must be key=value');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InvalidArgumentError('must be JSON');
  }
}
