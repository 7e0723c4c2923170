import { SystemClock } from '#service-runtime';
import { readdir } from 'node:fs/promises';
import { OWN_VERSION } from '../../../../agent/src/builds/own-configuration.js';
import type { AgentConfig } from '../../../../agent/src/config.js';
import { reachOf } from '../../../../agent/src/game/reach.js';
import { DiskSlotFolder } from '../../../../agent/src/machine/slot-folder.js';
import { GameRunner } from '../../../../agent/src/process/game-runner.js';
import type { Finding } from './finding.js';

const what = 'callback';

/** A command that matches tells the game on which port it is called. */
const TELLS_PORT = /\{callback_port\}|\$\$callback_port\$\$|BERTH_CALLBACK_PORT/;

/**
 * How games are told of their sessions. For each running game of this data folder, also whether it
 * listens on its callback port.
 */
export async function callback(config: AgentConfig): Promise<readonly Finding[]> {
  if (config.BERTH_CALLBACK === 'none') {
    return [{ what, verdict: 'fine', says: 'none: games are not called when they get a session' }];
  }
  return [called(config), ...(await listening(config))];
}

function called(config: AgentConfig): Finding {
  const { BERTH_COMMAND, BERTH_CALLBACK_PATH: path, BERTH_CALLBACK_MS: withinMs } = config;
  const says =
    `each game is told of a session by POST ${path} on its slot's callback port, ` +
    `and has to answer within ${withinMs} ms`;
  if (TELLS_PORT.test(BERTH_COMMAND.join(' '))) return { what, verdict: 'fine', says };
  return {
    what,
    verdict: 'warning',
    says:
      `${says}; the command does not name that port, so unless the game reads ` +
      'BERTH_CALLBACK_PORT nothing listens there, and no request is served',
    remedy:
      'hand {callback_port} to the game, or set --callback none for one that is not to be called',
  };
}

/** One finding for each running game of the agent's own build configuration. */
async function listening(config: AgentConfig): Promise<readonly Finding[]> {
  const names = await readdir(config.BERTH_DATA).catch(() => []);
  const slots = names
    .filter((name) => /^[1-9]\d*$/.test(name))
    .sort((a, b) => Number(a) - Number(b));
  const found = await Promise.all(slots.map((slot) => listens(config, slot)));
  return found.flat();
}

async function listens(config: AgentConfig, slot: string): Promise<readonly Finding[]> {
  const data = config.BERTH_DATA;
  const kept = await (await DiskSlotFolder.open(data, slot)).readKept();
  const port = kept?.ports?.callback;
  const run = await new GameRunner(data, new SystemClock()).find(slot);
  run?.release();
  // A build configuration from the region's log says itself how its games are called.
  if (run?.exit !== null || run.process.version !== OWN_VERSION || port === undefined) return [];
  const sockets = await run.socketsOn(port);
  if (sockets === null) return [];
  const reach = reachOf(
    sockets.filter(({ protocol }) => protocol === 'tcp'),
    config.BERTH_ADDRESS,
  );
  const game = `slot ${slot}: its game, process ${run.process.pid}`;
  switch (reach.kind) {
    case 'game':
      return [{ what, verdict: 'fine', says: `${game}, listens on port ${port}` }];
    case 'nobody': {
      const says = `${game}, does not listen on port ${port}, where it is called`;
      const remedy = 'hand {callback_port} to the game, or set --callback none';
      return [{ what, verdict: 'warning', says, remedy }];
    }
    case 'stranger': {
      const says = `${game}, is called on port ${port}, where another process listens`;
      const remedy = 'end that process, or give the agent other ports with --ports';
      return [{ what, verdict: 'wrong', says, remedy }];
    }
    default:
      return reach satisfies never;
  }
}
