import { InvalidArgumentError, Option, type Command } from 'commander';

export interface FolderOptions {
  readonly folder: string;
  readonly json?: true;
}

export function onFolder(command: Command): Command {
  return command.addOption(
    new Option(
      '--folder <path>',
      'the folder of identities; keep it where no service runs',
    ).default('nats-access'),
  );
}

export function portOption(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 65_535) return value;
  throw new InvalidArgumentError('must be a port');
}
