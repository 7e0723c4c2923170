import type { Seen } from '#diagnosis';
import { Failed, get, getAll, readiness } from '../../api.js';
import { slots } from '../../live.js';
import { useTick } from '../../parts/use-tick.js';
import type { Agent, Fleet, Machine, Region } from '../../types.js';
import { useAsked, type Asked } from '../../use-answer.js';

/** How often the installation is looked at (ms). */
const LOOK_MS = 5_000;

/** How long (ms) to wait for all answers together: what hangs must not hide what is wrong. */
const ANSWERED_MS = 4_000;

interface Looked extends Omit<Seen, 'failed'> {
  readonly regions: readonly Region[] | null;
}

/** What `berth doctor` looks at. */
export function useSeen(): Asked<Looked & Seen> {
  const { answer, ...asked } = useAsked(look, '/', useTick(LOOK_MS));
  const failed = [...slots.value.values()].flatMap(({ id, failure }) =>
    failure === null ? [] : [{ id, ...failure }],
  );
  return { ...asked, answer: answer && { ...answer, failed } };
}

async function look(stop: AbortSignal): Promise<Looked> {
  const late = AbortSignal.timeout(ANSWERED_MS);
  const signal = AbortSignal.any([stop, late]);
  const unanswered: string[] = [];
  /** Null for what is not told now, or not to this token. */
  const told = <T>(name: string, asked: Promise<T>): Promise<T | null> =>
    asked.catch(() => {
      if (late.aborted) unanswered.push(name);
      return null;
    });
  const [{ version }, unready, agents, fleets, machines, installation] = await Promise.all([
    get<{ version: string }>('/', signal).catch((error: unknown) => {
      throw late.aborted ? new Failed(0, 'the gateway does not answer') : error;
    }),
    told('readiness', readiness(signal)),
    told('agents', getAll<'agents', Agent>('/v1/agents', 'agents', {}, signal)),
    told('fleets', getAll<'fleets', Fleet>('/v1/fleets', 'fleets', {}, signal)),
    told('machines', getAll<'machines', Machine>('/v1/machines', 'machines', {}, signal)),
    told('installation', get<{ regions: readonly Region[] }>('/v1/installation', signal)),
  ]);
  const notReadyBecause = unready ?? ['it has not said yet'];
  const regions = installation?.regions ?? null;
  return { version, notReadyBecause, unanswered, agents, fleets, machines, regions };
}
