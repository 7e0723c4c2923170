import { errorMessage, type Clock } from '#kernel';
import { token } from '#wire';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { z } from 'zod';
import { AccessFolder } from './access-folder.js';
import { InvitationRefused, Invitations } from './invitations.js';

/** A request has a secret and a public key. */
const BYTES_MAX = 4_096;
const REQUEST_MS_MAX = 10_000;

/** What a machine sends that enrolls itself. */
const enrollment = z.strictObject({ secret: z.string().max(128), publicKey: z.string() });

/** What it is answered: its name, its settings, and the certificates that it is to trust. */
export const admitted = z.object({
  name: token,
  settings: z.record(z.string(), z.string()),
  /** With an operator: a credentials file, with `SEED_ELSEWHERE` for the seed. */
  credentials: z.string().optional(),
  ca: z.string().optional(),
});
export const refusedAdmission = z.object({ message: z.string() });

export interface AdmissionOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** PEM files; without them connections are plain text. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Called when somebody was let in, or refused, with a line for the operator. */
  readonly tell: (line: string) => void;
  /** Makes nats-server read its files again; throws where it cannot. */
  readonly reload: () => void;
}

/** Lets machines in that show the secret of an invitation; not yet listening. */
export async function admission({ tls, ...options }: AdmissionOptions) {
  let turn: Promise<unknown> = Promise.resolve();
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BYTES_MAX) request.destroy();
      else chunks.push(chunk);
    });
    request.once('end', () => {
      const from = request.socket.remoteAddress ?? 'nowhere';
      // One after the other, for the folder has one writer.
      turn = turn.then(async () => {
        const { status, body } = await answerTo(Buffer.concat(chunks).toString(), from, options);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
  };
  const server =
    tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer(
          { cert: await readFile(tls.cert), key: await readFile(tls.key) },
          listener,
        );
  server.requestTimeout = REQUEST_MS_MAX;
  return server;
}

async function answerTo(
  text: string,
  from: string,
  { folder: path, clock, tell, reload }: Omit<AdmissionOptions, 'tls'>,
) {
  try {
    const { secret, publicKey } = enrollment.parse(JSON.parse(text));
    const folder = await AccessFolder.open(path);
    // Before the secret is used, for this may fail.
    const ca = folder.caFile === undefined ? {} : { ca: await readFile(folder.caFile, 'utf8') };
    const identity = await new Invitations(folder, clock).redeem(secret, publicKey);
    tell(`${identity.role} ${identity.name} is let in, from ${from}`);
    try {
      reload();
    } catch (error) {
      // The machine is let in all the same: its secret is used, and it has no other key.
      tell(`nats-server must be reloaded by hand: ${errorMessage(error)}`);
    }
    const { NATS_URL, NATS_INBOX_PREFIX, BERTH_REGION, BERTH_MACHINE } =
      folder.settingsOf(identity);
    const settings = { NATS_URL, NATS_INBOX_PREFIX, BERTH_REGION, BERTH_MACHINE };
    const credentials = await folder.credentialsOf(identity);
    return { status: 200, body: { name: identity.name, settings, credentials, ...ca } };
  } catch (error) {
    const isRefused = error instanceof InvitationRefused;
    tell(`refused, from ${from}: ${errorMessage(error)}`);
    const message = isRefused ? error.message : 'the request is not valid, or cannot be served';
    return { status: isRefused ? 403 : 400, body: { message } };
  }
}
