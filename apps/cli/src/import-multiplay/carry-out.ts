import { buildAnswer, configurationAnswer, fleetAnswer } from '#http-api';
import type { Meter } from '../builds/meter.js';
import { pushFolder } from '../builds/push.js';
import type { Api } from '../operate/api.js';
import type { Step } from './plan.js';

export interface World {
  readonly api: Api;
  readonly why: { readonly reason: string; readonly by: string };
  readonly meter: Meter;
}

/**
 * Carries out the steps of a plan in order. Calls `done` after each step, with whether it has
 * changed anything.
 */
export async function carryOut(
  steps: readonly Step[],
  world: World,
  done: (step: Step, outcome: { readonly isChanged: boolean; readonly version?: number }) => void,
): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'push') done(step, await push(step, world));
    else done(step, { isChanged: await change(step, world) });
  }
}

type Push = Extract<Step, { readonly kind: 'push' }>;

async function push(step: Push, { api, why, meter }: World) {
  const { region, name, folder } = step;
  const before = await api.find(`/v1/builds/${region}.${name}`, buildAnswer);
  const exclude = step.exclude.flatMap(({ patterns }) => patterns);
  const { version } = await pushFolder(api, { region, name }, { folder, exclude, ...why }, meter);
  return { version, isChanged: before?.versions.at(-1)?.version !== version };
}

/** Does what the command of the same name does. Returns whether it has changed anything. */
async function change(step: Exclude<Step, Push>, { api, why }: World): Promise<boolean> {
  const id = `${step.region}.${step.name}`;
  if (step.kind === 'set') {
    const path = `/v1/build-configurations/${id}`;
    const before = await api.find(path, configurationAnswer);
    const body = { configuration: step.configuration, ...why };
    return (await api.put(path, body, configurationAnswer)).version !== before?.version;
  }
  const path = `/v1/fleets/${id}`;
  const before = await api.find(path, fleetAnswer);
  const { revision } = await putFleet(path, step, { api, why });
  return revision !== before?.revision;
}

function putFleet(
  path: string,
  step: Extract<Step, { readonly kind: 'size' | 'configure' }>,
  { api, why }: Pick<World, 'api' | 'why'>,
) {
  if (step.kind === 'size') {
    const { minAvailable, max } = step;
    return api.put(path, { minAvailable, max, buffer: 0, ...why }, fleetAnswer);
  }
  const { buildConfiguration } = step;
  const body = { buildConfiguration, atATime: 1, ...why };
  return api.put(`${path}/build-configuration`, body, fleetAnswer);
}
