import { holdings, play, type Holdings } from './cycles.js';
import { Machine } from './machine.js';

/**
 * `npm run cycles [sessions] [slots]`: prints what an agent holds before, during and after the
 * sessions.
 */
const [sessions = 500, slots = 8] = process.argv.slice(2).map(Number);
const STEPS = 5;

const machine = new Machine(slots);
try {
  await machine.start();
  await play(machine, 2 * slots, slots);
  const before = await holdings(machine);
  const since = Date.now();
  console.log(`${slots} slots, after ${2 * slots} sessions: ${text(before)}`);
  for (let step = 1; step <= STEPS; step += 1) {
    await play(machine, Math.round(sessions / STEPS), slots);
    console.log(
      `${Math.round((step * sessions) / STEPS)} sessions more: ${text(await holdings(machine))}`,
    );
  }
  const after = await holdings(machine);
  const seconds = Math.round((Date.now() - since) / 1000);
  const left = grown(before, after);
  console.log(left === '' ? `nothing left over, in ${seconds} s` : `LEFT OVER: ${left}`);
  if (left !== '') process.exitCode = 1;
} finally {
  await machine.close();
}

function text(held: Holdings): string {
  return Object.entries(held)
    .map(([what, count]) => `${what} ${String(count)}`)
    .join(', ');
}

/** Memory is shown but not judged: the garbage collector decides when to give it back. */
function grown(before: Holdings, after: Holdings): string {
  const counted = ['processes', 'sockets', 'openFiles', 'folderEntries'] as const;
  return counted
    .filter((what) => after[what] > before[what])
    .map((what) => `${what} ${before[what]} -> ${after[what]}`)
    .join(', ');
}
