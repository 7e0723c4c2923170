import type { ProcessExit } from './slot.commands.js';

/** What became of a game's process, as a sentence goes on: `ended with exit code 3`. */
export function exitInWords(exit: ProcessExit | null): string {
  const { exitCode = null, signal = null, killedAs } = exit ?? {};
  if (killedAs !== undefined) return `was killed: ${killedAs}`;
  if (signal !== null) return `was ended by ${signal}`;
  return exitCode === null ? 'was gone' : `ended with exit code ${exitCode}`;
}
