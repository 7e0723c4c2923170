import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { nativeErrors } from '../dialects/error-dialect.js';
import { Problem } from './problems.js';

/** Errors of Node's own server, raised before there is a request. */
const PROBLEMS: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem(431, 'head-too-large', 'path and headers are too large'),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'too-slow', 'the request did not arrive in time'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new Problem(413, 'too-large', 'the extensions are too large'),
};

/**
 * Answers bytes that are not HTTP, and closes the connection, since what follows cannot be read.
 */
export function answerRawFailure(
  error: NodeJS.ErrnoException,
  socket: Socket,
  requestId: string,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const problem =
    PROBLEMS[error.code ?? ''] ?? new Problem(400, 'invalid', 'this is not valid HTTP');
  const { status, contentType, body } = nativeErrors.answer(problem, '', requestId);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${problem.code}`,
    `content-type: ${contentType}`,
    `content-length: ${Buffer.byteLength(text)}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}

/** Refuses any `Expect` header but `100-continue`, which Node answers by itself. */
export function refuseExpectations(server: FastifyInstance, requestIdOf: () => string): void {
  server.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const problem = new Problem(417, 'cannot-expect', 'only "Expect: 100-continue" is supported');
    const { url = '' } = request;
    const { status, contentType, body } = nativeErrors.answer(problem, url, requestIdOf());
    response.writeHead(status, { 'content-type': contentType, connection: 'close' });
    response.end(JSON.stringify(body));
  });
}
