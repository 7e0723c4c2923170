import type { BuildConfigurationInput } from '#build';
import { Unparsable } from '#kernel';
import { resolve } from 'node:path';
import { configurationOf } from './configuration.js';
import type { Gsh } from './gsh.schema.js';
import { excluded, isForeign, slashed, type ExcludedPath } from './project-paths.js';
import { fleetsByRegion, type RegionalFleet, type RegionMap } from './regions.js';
import { allSlugs, slug } from './slug.js';

/** One thing to do in one region; names are Berth's. */
export type Step = { readonly region: string; readonly name: string } & (
  | {
      readonly kind: 'push';
      /** The build's name in the file. */
      readonly build: string;
      readonly folder: string;
      readonly exclude: readonly ExcludedPath[];
    }
  | { readonly kind: 'set'; readonly configuration: BuildConfigurationInput }
  | { readonly kind: 'size'; readonly minAvailable: number; readonly max: number }
  | { readonly kind: 'configure'; readonly buildConfiguration: string }
);

export interface Plan {
  /** In an order in which each step can be done. */
  readonly steps: readonly Step[];
  /** What is not carried over, or is carried over differently, as texts. */
  readonly notes: readonly string[];
}

export interface Project {
  /** The folder that build paths start from. */
  readonly root: string;
  /** Folders of those builds, by name, whose files are not where the file says. */
  readonly folders: ReadonlyMap<string, string>;
  readonly regions: RegionMap;
}

/** Throws `Unparsable` if the file contradicts itself, or a region is not mapped. */
export function planOf(gsh: Gsh, project: Project): Plan {
  const notes = new Set<string>();
  noteNames(gsh, notes);
  for (const name of project.folders.keys()) buildOf(gsh, name);
  const steps: Step[] = [];
  const done = new Set<string>();
  for (const [region, fleets] of fleetsByRegion(gsh, project.regions, notes)) {
    const used = [...new Set(fleets.flatMap(({ configurations }) => configurations))];
    const set = used.map((name): Step => {
      const configuration = configurationOf(gsh, name, notes);
      return { kind: 'set', region, name: slug(name), configuration };
    });
    const builds = [...new Set(used.map((name) => gsh.buildConfigurations[name]?.build ?? ''))];
    steps.push(
      ...builds.map((name) => pushStep(gsh, region, name, project)),
      ...set,
      ...fleets.flatMap((fleet) => fleetSteps(region, fleet, notes)),
    );
    for (const name of [...used, ...builds]) done.add(name);
  }
  noteUnused(gsh, done, notes);
  noteUsage(gsh, notes);
  return { steps, notes: [...notes] };
}

function buildOf({ builds }: Gsh, name: string) {
  const build = builds[name];
  if (build !== undefined) return build;
  throw new Unparsable(`the build ${name} is named, and is not in the file`);
}

function pushStep(gsh: Gsh, region: string, name: string, { root, folders }: Project): Step {
  const { buildPath, excludePaths } = buildOf(gsh, name);
  const given = folders.get(name);
  if (given === undefined && isForeign(buildPath)) {
    const remedy = `say where its files are here: --build-folder '${name}=<folder>'`;
    throw new Unparsable(`the build ${name} is at ${buildPath} of a Windows machine: ${remedy}`);
  }
  const folder = given === undefined ? resolve(root, slashed(buildPath)) : resolve(given);
  const exclude = excludePaths.map((path) => excluded(path, buildPath, root));
  return { kind: 'push', region, name: slug(name), build: name, folder, exclude };
}

function fleetSteps(region: string, fleet: RegionalFleet, notes: Set<string>): readonly Step[] {
  const { minAvailable, max } = fleet;
  const name = slug(fleet.name);
  const [first = '', ...more] = fleet.configurations.map(slug);
  if (more.length > 0) {
    notes.add(`fleet ${fleet.name}: free slots run ${first}; ${more.join(', ')} where asked for`);
  }
  return [
    { kind: 'size', region, name, minAvailable, max },
    { kind: 'configure', region, name, buildConfiguration: first },
  ];
}

const KINDS = {
  builds: 'build',
  buildConfigurations: 'build configuration',
  fleets: 'fleet',
} as const;

function noteNames(gsh: Gsh, notes: Set<string>): void {
  for (const [part, kind] of Object.entries(KINDS) as [keyof typeof KINDS, string][]) {
    const names = Object.keys(gsh[part]);
    allSlugs(names);
    for (const name of names) {
      if (slug(name) !== name) notes.add(`${kind} ${name} is called ${slug(name)} in Berth`);
    }
  }
}

function noteUnused(gsh: Gsh, done: ReadonlySet<string>, notes: Set<string>): void {
  for (const part of ['builds', 'buildConfigurations'] as const) {
    for (const name of Object.keys(gsh[part])) {
      if (!done.has(name))
        notes.add(`${KINDS[part]} ${name} is left out: no imported fleet runs it`);
    }
  }
}

/** Berth sets the number of servers of a machine when its agent is started. */
function noteUsage({ fleets }: Gsh, notes: Set<string>): void {
  for (const [name, { usageSettings }] of Object.entries(fleets)) {
    for (const setting of usageSettings) {
      const pairs = Object.entries(setting).map(([key, value]) => `${key} ${value ?? ''}`);
      const count = setting['maxServersPerMachine'];
      const remedy = count ? `: start agents of such machines with --slots ${count}` : '';
      notes.add(`fleet ${name}: usageSettings not carried over: ${pairs.join(', ')}${remedy}`);
    }
  }
}
