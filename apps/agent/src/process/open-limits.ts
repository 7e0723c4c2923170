import { errorMessage, TransientError, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { AgentConfig } from '../config.js';
import { GameCgroups } from './game-cgroup.js';

/** How this machine keeps games to their limits. */
export interface Limits {
  /** Null if it cannot. */
  readonly cgroups: GameCgroups | null;
  /** Why games with limits are not run; null if they are. */
  readonly unlimitedBecause: string | null;
}

/**
 * Opens the machine's control groups, and says once if there are none although the settings name
 * some.
 *
 * @throws {TransientError} if the agent's own games have limits to which they cannot be kept
 */
export async function openLimits(
  config: AgentConfig,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<Limits> {
  const { BERTH_CGROUP: folder, BERTH_UNENFORCED_LIMITS: otherwise } = config;
  let because = 'BERTH_CGROUP is not set';
  if (folder !== undefined) {
    try {
      const cgroups = await GameCgroups.open(folder, (ms) => clock.sleep(ms));
      return { cgroups, unlimitedBecause: null };
    } catch (error) {
      because = errorMessage(error);
      logger.warn({ otherwise }, because);
    }
  }
  if (otherwise === 'ignore') return { cgroups: null, unlimitedBecause: null };
  const { BERTH_MEMORY_MIB_MAX, BERTH_CPUS_MAX, BERTH_TASKS_MAX } = config;
  if ((BERTH_MEMORY_MIB_MAX ?? BERTH_CPUS_MAX ?? BERTH_TASKS_MAX) === undefined) {
    return { cgroups: null, unlimitedBecause: because };
  }
  throw new TransientError(`the limits of BERTH_COMMAND's games cannot be kept: ${because}`);
}
