import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const tailBytes = 4 * 1024;
const tailLines = 20;

/**
 * Opens a new log file and keeps the previous one as `.previous`. A file instead of a pipe, so that
 * nats-server survives the process that started it.
 *
 * @returns the open file, for the output of the child process
 */
export function openLog(logFile: string): number {
  try {
    renameSync(logFile, `${logFile}.previous`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return openSync(logFile, 'a');
}

/** The last lines of a log file; empty if it cannot be read. */
export function readLogTail(logFile: string): string {
  try {
    const { size } = statSync(logFile);
    const bytes = Buffer.alloc(Math.min(size, tailBytes));
    const file = openSync(logFile, 'r');
    try {
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
    } finally {
      closeSync(file);
    }
    return bytes.toString('utf8').trimEnd().split('\n').slice(-tailLines).join('\n');
  } catch {
    return '';
  }
}
