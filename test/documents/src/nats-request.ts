/**
 * Replaces the `nats` command of natscli, which is not on every machine that builds Berth, for the
 * one use that the documents make of it: `nats request SUBJECT BODY`, on the servers of NATS_URL.
 */
import { connect } from '@nats-io/transport-node';

const WITHIN_MS = 10_000;

const [command, subject, body, ...more] = process.argv.slice(2);
if (command !== 'request' || !subject || body === undefined || more.length > 0) {
  throw new Error('only: nats request SUBJECT BODY');
}
const connection = await connect({ servers: process.env['NATS_URL'] ?? '' });
const answer = await connection.request(subject, body, { timeout: WITHIN_MS });
process.stdout.write(`${answer.string()}\n`);
await connection.close();
