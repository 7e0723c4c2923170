/** What a spying game found at each place: the text, or the error. */
export type Found = Readonly<Record<string, string>>;

/** The callback's payload: paths to read, URLs to ask, and processes to signal. */
export interface Orders {
  readonly secret?: string;
  readonly paths?: readonly string[];
  readonly urls?: readonly string[];
  readonly pids?: readonly number[];
  /** How much memory to take after the answer. */
  readonly mebibytes?: number;
}

/**
 * A game, as a Node program, that answers its callback with what it could read, ask and signal, and
 * with what it was told itself. With `mebibytes` in its payload it takes that much memory.
 */
export const SPYING_GAME = `
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
const { env } = process;
const tried = async (act) => {
  try { return String(await act()); } catch (error) { return error.code ?? String(error); }
};
const read = (path) => (statSync(path).isDirectory() ? readdirSync(path) : readFileSync(path, 'latin1'));
const taken = [];
createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', async () => {
    const { paths = [], urls = [], pids = [], mebibytes = 0 } = JSON.parse(body);
    const found = { uid: String(process.getuid()), home: env.HOME, sdk: String(env.BERTH_SDK_URL), server: env.BERTH_SERVER_ID };
    found.map = await tried(() => read(new URL('map', import.meta.url).pathname));
    for (const path of paths) found[path] = await tried(() => read(path.replace('~', env.HOME)));
    for (const url of urls) found[url] = await tried(async () => {
      const answer = await fetch(url.replace('SDK', env.BERTH_SDK_URL).replace('SERVER', env.BERTH_SERVER_ID));
      return answer.status + ' ' + (await answer.text());
    });
    for (const pid of pids) found['pid ' + pid] = await tried(() => process.kill(pid, 0));
    response.end(JSON.stringify(found));
    if (mebibytes > 0) setInterval(() => {
      if (taken.length < mebibytes) taken.push(Buffer.alloc(1024 * 1024, 1));
    }, 2);
  });
}).listen(Number(env.BERTH_CALLBACK_PORT), '127.0.0.1');
`;
