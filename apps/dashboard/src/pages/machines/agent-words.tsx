import { isLost } from '#diagnosis';
import { Instant } from '../../parts/instant.js';
import type { Agent } from '../../types.js';
import { bytesOf } from '../../words.js';

/** Whether the agent is heard; the instant is that of its last beat. */
export function Heard({ agent }: { readonly agent: Agent | undefined }) {
  if (agent === undefined) return null;
  const { hasStopped, heardAt } = agent;
  return (
    <>
      {isLost(agent) && <span class="lost">lost </span>}
      {hasStopped && <span class="awaiting">stopped in order </span>}
      {heardAt === null ? 'not since the gateway started' : <Instant at={heardAt} />}
    </>
  );
}

/** The room on the machine's disk. */
export function DiskRoom({ agent }: { readonly agent: Agent | undefined }) {
  if (!agent?.disk) return null;
  const { freeBytes, totalBytes } = agent.disk;
  return (
    <>
      {bytesOf(freeBytes)} of {bytesOf(totalBytes)} free
    </>
  );
}
