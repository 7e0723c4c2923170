import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** For the whole of a visit, in milliseconds. */
const visitMsMax = 10_000;

/** What the player says: the first on being welcomed, each next on hearing the one before. */
const script = ['hello', 'good game', 'quit'];

/**
 * Joins a match as a player would: waits for the welcome, says two lines, waits to hear each of
 * them, and quits. Every line that is read or written is passed to `show`.
 *
 * @param address `host:port`, as the allocation gives it
 */
export async function play(address: string, show: (line: string) => void): Promise<void> {
  const { hostname, port } = new URL(`tcp://${address}`);
  const signal = AbortSignal.timeout(visitMsMax);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), signal });
  try {
    await once(socket, 'connect', { signal });
    const lines = createInterface({ input: socket });
    let said = 0;
    for await (const line of lines) {
      show(`< ${line}`);
      const word = script[said];
      const cue = said === 0 ? '' : `: ${script[said - 1]}`;
      if (word === undefined || !line.endsWith(cue)) continue;
      show(`> ${word}`);
      socket.write(`${word}\n`);
      said += 1;
    }
    if (said < script.length) throw new Error('the server hung up early');
  } finally {
    socket.destroy();
  }
}
