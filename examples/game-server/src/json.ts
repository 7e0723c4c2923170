import type { IncomingMessage, ServerResponse } from 'node:http';

export const bodyBytesMax = 64 * 1024;

/** A body that cannot be read, with the HTTP status that says so. */
export class BodyError extends Error {
  override readonly name = 'BodyError';

  constructor(
    readonly status: 400 | 413,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Reads a body as JSON, whatever its content type says. No body at all is `null`.
 *
 * @throws {BodyError} 413 beyond `bodyBytesMax`, 400 where it is not JSON.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request);
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BodyError(400, 'the body is not JSON', { cause });
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // The connection stays open beyond a body too large: the answer goes out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > bodyBytesMax) throw new BodyError(413, `the body exceeds ${bodyBytesMax} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Answers with a JSON body, unless an answer is already under way. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return;
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  // What was not read of the request is thrown away, up to the server's request time limit.
  response.req.resume();
}
