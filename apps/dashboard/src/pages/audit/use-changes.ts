import { getAll } from '../../api.js';
import { sinceOf } from '../../parts/period.js';
import { chosenRegion } from '../../parts/region.js';
import { useTick } from '../../parts/use-tick.js';
import { filterOf } from '../../route.js';
import type { Fleet } from '../../types.js';
import { useAsked } from '../../use-answer.js';

/** How often they are asked for (ms). */
const LOOK_MS = 10_000;

/** The lists of settings: path, name of the list, and the page of one of them. */
const LISTS = [
  ['fleets', 'fleets', 'fleets'],
  ['build-configurations', 'buildConfigurations', 'configurations'],
  ['builds', 'builds', 'builds'],
  ['machines', 'machines', 'machines'],
] as const;

/** A change of something that people set. */
export type Changed = NonNullable<Fleet['lastChange']> & {
  readonly id: string;
  readonly page: string;
};

/** The last change of each fleet, build configuration, build and policy, as the filters say. */
export function useChanges() {
  const region = chosenRegion();
  const { answer, failure } = useAsked(readAll, region, useTick(LOOK_MS));
  const [since, by] = [sinceOf(Date.now()), filterOf('by')];
  const isBy = (who: string) => by === '' || who === by || who.startsWith(`${by}/`);
  const changes = (answer ?? []).filter(
    ({ id, at, by: who }) => id.startsWith(`${region}.`) && at >= since && isBy(who),
  );
  return { changes, failure, isRead: answer !== null || failure !== '' };
}

async function readAll(signal: AbortSignal): Promise<readonly Changed[]> {
  const lists = LISTS.map(async ([path, key, page]) => {
    const all = await getAll<typeof key, Setting>(`/v1/${path}`, key, {}, signal);
    return all.flatMap(({ id, lastChange }) => (lastChange ? [{ id, page, ...lastChange }] : []));
  });
  return (await Promise.all(lists)).flat();
}

type Setting = Pick<Fleet, 'id' | 'lastChange'>;
