import { errorMessage } from '#kernel';
import { Daemon } from './daemon.js';
import type { DaemonDeps } from './daemon-deps.js';

/** The port at which Multiplay's SDKs look for the daemon. */
const DEFAULT_PORT = 8_086;

/**
 * Opens the daemon as it is configured; returns null if it is switched off. If the default port is
 * taken, the agent logs it and goes on without a daemon, because many games need none. If a
 * configured port is taken, throws `TransientError`.
 *
 * @param port undefined for the default port
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
