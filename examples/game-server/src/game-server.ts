import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createCallbackServer } from './callback.js';
import { Berth } from './berth.js';
import { Game } from './game.js';
import type { Options } from './options.js';
import { connectionsMax, playersMax } from './players.js';
import { createQuerySocket } from './queries.js';

export interface GameServerOptions extends Options {
  /** Is told one line for each thing that happens. */
  log(line: string): void;
}

export interface GameServer {
  readonly port: number;
  readonly callbackPort: number;
  /** Null: queries are not answered. */
  readonly queryPort: number | null;
  /** Resolves with the exit code, when the game is over and all ports are closed. */
  readonly exited: Promise<number>;
  /** Says goodbye to everybody and ends with code 0. */
  stop(): void;
}

/**
 * Opens all doors.
 *
 * @throws the socket's own error, for example `EADDRINUSE`, with nothing left open.
 */
export async function startGameServer(options: GameServerOptions): Promise<GameServer> {
  const berth = options.sdk ? new Berth((line) => game.log(line)) : null;
  const game = new Game(
    (line) => options.log(line),
    (players) => berth?.count(players),
  );
  const playerDoor = createServer((socket) => game.players.accept(socket));
  playerDoor.maxConnections = connectionsMax;
  const callbackDoor = createCallbackServer(options.token, game);
  const queryDoor = createQuerySocket(options.host, () => ({
    players: game.players.count,
    playersMax,
    map: 'harbour',
    port: (playerDoor.address() as AddressInfo | null)?.port ?? 0,
  }));
  try {
    const port = await listen(playerDoor, options.port, options.host);
    const callbackPort = await listen(callbackDoor, options.callbackPort, options.host);
    const queryPort = await answerQueries(queryDoor, options);
    game.log(`players on ${options.host}:${port}, callbacks on ${options.host}:${callbackPort}`);
    if (queryPort !== null) game.log(`queries on ${options.host}:${queryPort}`);
    berth?.follow(game);
    if (options.token === '') game.log('BERTH_TOKEN is not set: callbacks will be turned away');
    const stop = () => game.over('goodbye', 0);
    return { port, callbackPort, queryPort, exited: exit(), stop };
  } catch (error) {
    closeDoors();
    throw error;
  }

  async function exit(): Promise<number> {
    const { lastWord, code } = await game.ending;
    game.log(`${lastWord}: exit ${code}`);
    playerDoor.close();
    await game.players.dismissAll(lastWord);
    closeDoors();
    return code;
  }

  function closeDoors(): void {
    berth?.close();
    playerDoor.close();
    queryDoor.close();
    callbackDoor.close();
    callbackDoor.closeAllConnections();
  }
}

async function answerQueries(socket: Socket, { host, queryPort }: Options): Promise<number | null> {
  if (queryPort === undefined) return null;
  socket.bind(queryPort, host);
  await once(socket, 'listening');
  return socket.address().port;
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
