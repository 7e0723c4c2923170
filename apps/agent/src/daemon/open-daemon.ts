import { errorMessage } from '#kernel';
import { Daemon } from './daemon.js';
import type { DaemonDeps } from './daemon-deps.js';

/** Where Multiplay's SDKs look for their daemon. */
const DEFAULT_PORT = 8_086;

/**
 * The daemon as the settings want it; null where there shall be none. Where another program has the
 * usual port, the machine goes on without: games that need none must not be kept from players. A
 * port that somebody has chosen is another matter: throws `TransientError`.
 *
 * @param port undefined: the usual one
 */
export async function openDaemon(
  deps: DaemonDeps,
  { host, port }: { readonly host: string; readonly port: number | 'off' | undefined },
): Promise<Daemon | null> {
  if (port === 'off') return null;
  const { logger } = deps;
  try {
    const daemon = await Daemon.open(deps, { host, port: port ?? DEFAULT_PORT });
    logger.info({ url: daemon.url }, 'the SDK daemon is up');
    return daemon;
  } catch (error) {
    if (port !== undefined) throw error;
    logger.warn(
      { error: errorMessage(error) },
      'there is no SDK daemon on this machine: set BERTH_SDK_PORT to another port, or to off',
    );
    return null;
  }
}
