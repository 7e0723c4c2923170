import { connectNats } from '#jetstream';
import { describeSettings, natsAddressOf, natsSettings, readConfig } from '#service-runtime';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { complain } from './terminal.js';

/** Options of a command, by commander's names for the flags. */
export type NatsOptions = Readonly<Record<string, unknown>>;

interface NatsFlag {
  readonly setting: string;
  readonly option: Option;
}

/** A flag for each setting of NATS: `NATS_CREDS_FILE` is `--nats-creds-file`. */
function natsFlags(): readonly NatsFlag[] {
  return describeSettings(natsSettings).map(({ name: setting, value, meaning, byDefault }) => {
    const isUrl = setting === 'NATS_URL';
    const flag = isUrl ? '--nats <url>' : `--${setting.toLowerCase().replaceAll('_', '-')}`;
    const takes = value === 'path' ? ' <file>' : isUrl ? '' : ' <text>';
    const option = new Option(`${flag}${takes}`, meaning.split(';')[0]).env(setting);
    if (byDefault !== null) option.default(byDefault);
    return { setting, option: isUrl ? option : option.helpGroup('To log in to NATS:') };
  });
}

/** Adds the flags to a command that connects to NATS itself. */
export function onNats(command: Command): Command {
  for (const { option } of natsFlags()) command.addOption(option);
  return command;
}

/**
 * Connects with a command's options.
 *
 * @throws {ConfigInvalid}
 * @throws as `connectNats`
 */
export function connectAs(name: string, options: NatsOptions, timeoutMs?: number) {
  const typed = natsFlags().map(({ setting, option }): [string, string | undefined] => {
    const value = options[option.attributeName()];
    return [setting, typeof value === 'string' ? value : undefined];
  });
  const settings = readConfig(z.object(natsSettings), Object.fromEntries(typed));
  return connectNats({
    ...natsAddressOf(settings),
    name,
    onWarning: (text) => complain(`berth: ${text}`),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  });
}
