/**
 * A little game server that knows nothing of Berth: it depends on Node only. Players talk over
 * TCP lines, whoever runs it says over HTTP that it has been chosen for a session, and server
 * browsers ask over UDP who plays.
 */
import { startGameServer } from './game-server.js';
import { helpText, readOptions, UsageError, type Options } from './options.js';

// The session outlives whoever reads its log: a closed pipe must not end the game.
process.stdout.on('error', () => undefined);

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') process.stdout.write(helpText);
  else await run(options);
} catch (error) {
  process.stderr.write(`game-server: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(options: Options): Promise<void> {
  const server = await startGameServer({
    ...options,
    log: (line) => process.stdout.write(`${line}\n`),
  });
  process.once('SIGTERM', () => server.stop());
  process.once('SIGINT', () => server.stop());
  process.exit(await server.exited);
}
