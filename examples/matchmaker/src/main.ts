/** A little matchmaker: every match it makes gets a game server of its own, from Berth. */
import { AllocationUncertain, BerthClient, Refused } from '#client';
import { helpText, readOptions, UsageError, type Options } from './options.js';
import { play } from './play.js';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(helpText);
  else await run(options);
} catch (error) {
  process.stderr.write(`matchmaker: ${explain(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(options: Options): Promise<void> {
  const berth = await BerthClient.connect({ servers: options.nats });
  try {
    for (let match = 1; match <= options.matches; match += 1) await make(berth, match, options);
  } finally {
    await berth.close();
  }
}

async function make(berth: BerthClient, match: number, options: Options): Promise<void> {
  const { region, mode } = options;
  const { allocationId, slot, address, token, payload } = await berth.allocate({
    region,
    payload: { mode, match },
  });
  print(`match ${match}: ${address} (slot ${slot}, allocation ${allocationId})`);
  print(`  token   ${token}`);
  print(`  payload ${JSON.stringify(payload)}`);
  if (options.play) await play(address, (line) => print(`  ${line}`));
  if (!options.release) return;
  await berth.deallocate({ region, allocationId, reason: 'the match is over', by: 'matchmaker' });
  print('  released');
}

function explain(error: unknown): string {
  if (error instanceof Refused) return `${error.message} (${error.code})`;
  if (error instanceof AllocationUncertain) return `${error.message}; ask again with the same id`;
  return error instanceof Error ? error.message : String(error);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
