import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerJson, BodyError, readJson } from './json.js';
import type { Verdict } from './session.js';

/** What the HTTP door asks the game. */
export interface CallbackGame {
  allocate(payload: unknown): Verdict;
  health(): { readonly players: number; readonly allocated: boolean };
  log(line: string): void;
}

/** Who sends a request slower than this is cut off, in milliseconds. */
const requestMs = 10_000;
const connectionsMax = 32;

/** The HTTP door: `POST /allocate` for whoever holds the token, `GET /health` for anybody. */
export function createCallbackServer(token: string, game: CallbackGame): Server {
  const server = createServer({ requestTimeout: requestMs }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, message } = error instanceof BodyError ? error : impossible(error);
      game.log(`callback failed: ${message}`);
      answerJson(response, status, { error: message });
    });
  });
  server.maxConnections = connectionsMax;
  return server;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0];
    switch (`${request.method} ${path}`) {
      case 'GET /health':
        return answerJson(response, 200, { status: 'ok', ...game.health() });
      case 'POST /allocate':
        return allocate(request, response);
      default:
        return answerJson(response, 404, { error: 'only POST /allocate and GET /health are here' });
    }
  }

  async function allocate(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!carriesToken(request, token)) {
      game.log('callback turned away: wrong or missing token');
      return answerJson(response, 401, { error: 'wrong or missing token' });
    }
    const verdict = game.allocate(await readJson(request));
    switch (verdict.kind) {
      case 'accepted':
        return answerJson(response, 200, verdict.session.answer);
      case 'refused':
        return answerJson(response, 409, { error: verdict.reason });
      case 'ignored':
        return;
      default:
        return verdict satisfies never;
    }
  }
}

function carriesToken(request: IncomingMessage, token: string): boolean {
  const given = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === '' || given === undefined) return false;
  // Digests are of one length, so that neither time nor an exception tells anything.
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function impossible(error: unknown): { status: number; message: string } {
  return { status: 500, message: error instanceof Error ? error.message : String(error) };
}
