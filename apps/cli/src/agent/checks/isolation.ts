import { errorMessage } from '#kernel';
import { SystemClock } from '#service-runtime';
import type { AgentConfig } from '../../../../agent/src/config.js';
import { closedAbove } from '../../../../agent/src/machine/game-users.js';
import { GameCgroups } from '../../../../agent/src/process/game-cgroup.js';
import type { Finding } from './finding.js';

/** Whether games can run as users of their own, if they are to. */
export function gameUsers(
  { BERTH_GAME_USERS: users, BERTH_DATA: data }: AgentConfig,
  uid = process.getuid?.(),
): Finding {
  const what = 'game users';
  if (users === undefined) {
    return { what, verdict: 'fine', says: "none: all games run as the agent's own user" };
  }
  if (uid !== 0) {
    const remedy = 'run the agent as root, or leave out --game-users';
    return { what, verdict: 'wrong', says: 'only root may run games as other users', remedy };
  }
  const closed = closedAbove(data);
  if (closed !== undefined) {
    const says = `users of games cannot get to ${data}: ${closed} lets no other user through`;
    return { what, verdict: 'wrong', says, remedy: `chmod o+x ${closed}` };
  }
  return { what, verdict: 'fine', says: `${users.first}-${users.last}, one for each slot` };
}

/** Whether games can be kept to limits; opens the control group as the agent does when it starts. */
export async function gameLimits(config: AgentConfig): Promise<Finding> {
  const { BERTH_CGROUP: folder, BERTH_UNENFORCED_LIMITS: otherwise } = config;
  const { BERTH_MEMORY_MIB_MAX, BERTH_CPUS_MAX, BERTH_TASKS_MAX } = config;
  const what = 'game limits';
  const areNeeded = (BERTH_MEMORY_MIB_MAX ?? BERTH_CPUS_MAX ?? BERTH_TASKS_MAX) !== undefined;
  const then = otherwise === 'ignore' ? 'games run without limits' : 'games with limits do not run';
  if (folder === undefined) {
    const verdict = areNeeded ? (otherwise === 'ignore' ? 'warning' : 'wrong') : 'fine';
    return { what, verdict, says: `no --cgroup, so ${then}` };
  }
  try {
    const clock = new SystemClock();
    await GameCgroups.open(folder, (ms) => clock.sleep(ms));
    return { what, verdict: 'fine', says: `memory, processors and tasks, by ${folder}` };
  } catch (error) {
    const verdict = areNeeded && otherwise === 'refuse' ? 'wrong' : 'warning';
    const remedy = `boot with cgroup v2, and give the agent a group of its own; as it is, ${then}`;
    return { what, verdict, says: errorMessage(error), remedy };
  }
}
