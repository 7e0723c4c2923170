import { Unparsable } from '#kernel';
import { buildConfigurationSchema, parse, type BuildConfigurationInput } from '#wire';
import { parseArgsStringToArgv } from 'string-argv';
import type { Gsh, GshBuildConfiguration } from './gsh.schema.js';
import { allSlugs, slug } from './slug.js';

/** What Multiplay starts a game with where its configuration says nothing. */
const COMMAND_LINE = '-port $$port$$ -queryport $$query_port$$ -log $$log_dir$$';

/** One thing to be done in one region; names are Berth's. */
export type Step = { readonly region: string; readonly name: string } & (
  | { readonly kind: 'push'; readonly folder: string }
  | { readonly kind: 'set'; readonly configuration: BuildConfigurationInput }
  | { readonly kind: 'size'; readonly minAvailable: number; readonly max: number }
  | { readonly kind: 'configure'; readonly buildConfiguration: string }
);

export interface Plan {
  /** In an order in which each can be done. */
  readonly steps: readonly Step[];
  /** What is not taken over, or otherwise, in words. */
  readonly notes: readonly string[];
}

/** Berth's regions by those of the file; or one for all of them. */
export type RegionMap = ReadonlyMap<string, string> | string;

interface RegionalFleet {
  readonly name: string;
  readonly configurations: readonly string[];
  readonly minAvailable: number;
  readonly max: number;
}

/** Throws `Unparsable` where the file contradicts itself, or a region is not mapped. */
export function planOf(gsh: Gsh, regions: RegionMap): Plan {
  for (const part of [gsh.builds, gsh.buildConfigurations, gsh.fleets]) allSlugs(Object.keys(part));
  const notes = new Set<string>();
  const steps: Step[] = [];
  for (const [region, fleets] of fleetsByRegion(gsh, regions, notes)) {
    const used = [...new Set(fleets.flatMap(({ configurations }) => configurations))];
    const builds = new Set(used.map((name) => configurationOf(gsh, name).build));
    steps.push(
      ...[...builds].map((name) => pushStep(gsh, region, name)),
      ...used.map((name) => setStep(gsh, region, name, notes)),
      ...fleets.flatMap((fleet) => fleetSteps(region, fleet, notes)),
    );
  }
  return { steps, notes: [...notes] };
}

function fleetsByRegion({ fleets }: Gsh, regions: RegionMap, notes: Set<string>) {
  const found = new Map<string, RegionalFleet[]>();
  for (const [name, { buildConfigurations: configurations, regions: wanted }] of Object.entries(
    fleets,
  )) {
    const sizes = new Map<string, { minAvailable: number; max: number }>();
    for (const [place, { minAvailable, maxServers, online }] of Object.entries(wanted)) {
      if (!online) {
        notes.add(`fleet ${name} is offline in ${place}, and is not made there`);
        continue;
      }
      // Where several regions become one, it takes over the servers of all of them.
      const region = regionOf(place, regions);
      const before = sizes.get(region) ?? { minAvailable: 0, max: 0 };
      const max = before.max + maxServers;
      sizes.set(region, { minAvailable: before.minAvailable + minAvailable, max });
    }
    for (const [region, size] of sizes) {
      found.set(region, [...(found.get(region) ?? []), { name, configurations, ...size }]);
    }
  }
  return found;
}

function regionOf(place: string, regions: RegionMap): string {
  const region = typeof regions === 'string' ? regions : regions.get(place);
  if (region !== undefined) return region;
  throw new Unparsable(`region ${place} is not mapped: add --region '${place}=<region of Berth>'`);
}

function configurationOf({ buildConfigurations }: Gsh, name: string): GshBuildConfiguration {
  const configuration = buildConfigurations[name];
  if (configuration !== undefined) return configuration;
  throw new Unparsable(`a fleet names the build configuration ${name}, which is not in the file`);
}

function pushStep({ builds }: Gsh, region: string, name: string): Step {
  const build = builds[name];
  if (build !== undefined) {
    return { kind: 'push', region, name: slug(name), folder: build.buildPath };
  }
  throw new Unparsable(`a build configuration names the build ${name}, which is not in the file`);
}

function setStep(gsh: Gsh, region: string, name: string, notes: Set<string>): Step {
  const { build, binaryPath, commandLine, queryType, variables, readiness, ...limits } =
    configurationOf(gsh, name);
  if (Object.values(limits).some((limit) => limit != null)) {
    notes.add(`build configuration ${name}: cores, speedMhz and memoryMiB are not taken over`);
  }
  const configuration: BuildConfigurationInput = {
    build: { name: slug(build) },
    // Theirs is a path from the root of the build.
    executable: (binaryPath ?? gsh.builds[build]?.executableName ?? '').replace(/^\/+/, ''),
    arguments: parseArgsStringToArgv(commandLine ?? COMMAND_LINE),
    query: queryType ?? 'none',
    variables,
    readiness,
  };
  try {
    parse(buildConfigurationSchema, configuration);
  } catch (error) {
    if (!(error instanceof Unparsable)) throw error;
    throw new Unparsable(`build configuration ${name}: ${error.message}`);
  }
  return { kind: 'set', region, name: slug(name), configuration };
}

function fleetSteps(region: string, fleet: RegionalFleet, notes: Set<string>): readonly Step[] {
  const { minAvailable, max } = fleet;
  const name = slug(fleet.name);
  const [first = '', ...more] = fleet.configurations.map(slug);
  if (minAvailable > max) {
    throw new Unparsable(
      `fleet ${fleet.name}: minAvailable ${minAvailable} is above maxServers ${max}`,
    );
  }
  if (more.length > 0) {
    notes.add(`fleet ${name}: free slots run ${first}; ${more.join(', ')} where asked for`);
  }
  return [
    { kind: 'size', region, name, minAvailable, max },
    { kind: 'configure', region, name, buildConfiguration: first },
  ];
}
