import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How long a command that never ends is watched (s). */
const WATCHED_S = 3;

/** Commands that run until they are interrupted. */
const ENDLESS = /^(berth logs .*--follow|curl -sN)\b/;

/**
 * Runs what a reader would type, and returns what it prints.
 *
 * @throws an error with everything printed so far, if a command fails
 */
export async function type(block: string, { cwd, env }: Place): Promise<string> {
  const script = block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map(bounded)
    .join('\n');
  const child = spawn('bash', ['-eu', '-c', script], { cwd, env });
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`${script}\nends with ${code}:\n${output}${errors}`);
  return output;
}

/** `timeout` exits with 124 if it had to stop the command. */
function bounded(line: string): string {
  if (!ENDLESS.test(line)) return line;
  return `timeout ${WATCHED_S} ${line.replace(/\s+#\s.*$/, '')} || [ $? = 124 ]`;
}
