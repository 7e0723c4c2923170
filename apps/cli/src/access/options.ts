import { Option, type Command } from 'commander';

export interface FolderOptions {
  readonly folder: string;
}

export function onFolder(command: Command): Command {
  return command.addOption(
    new Option(
      '--folder <path>',
      'the folder of identities; keep it where no service runs',
    ).default('nats-access'),
  );
}
