import { Command, InvalidArgumentError, Option } from 'commander';
import { runDev } from './dev.js';

export function devCommand(): Command {
  return new Command('dev')
    .description('run all of Berth on this machine, with slots of the sample game')
    .option('--http-port <port>', 'port of the HTTP API', port, 8080)
    .option('--nats-port <port>', 'port of nats-server', port, 4222)
    .option('--slots <count>', 'slots of the sample game', count, 4)
    .option('--game-ports <from-to>', 'ports for game servers', '7000-7999')
    .option('--region <name>', 'region of the slots', 'local')
    .option('--data <folder>', 'where the log and the slots are kept', '.berth')
    .addOption(
      new Option('--metrics-port <port>', 'first of five ports for metrics, one for each service')
        .env('BERTH_METRICS_PORT')
        .argParser((text) => (text === '' ? undefined : port(text))),
    )
    .addHelpText(
      'after',
      '\nSet NATS_URL to use a nats-server that runs already, NATS_SERVER to name another\nbinary.',
    )
    .action(runDev);
}

function port(text: string): number {
  return whole(text, 1, 65_535);
}

function count(text: string): number {
  return whole(text, 1, 256);
}

function whole(text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}`);
}
