import { buildConfigurationSchema, type BuildConfigurationInput } from '#build';
import { Unparsable } from '#kernel';
import { CommandLineInvalid, wordsOf } from '#multiplay';
import { parse } from '#wire';
import { isPlaceholder } from '../../../agent/src/game/command-line.js';
import type { Gsh, GshBuildConfiguration } from './gsh.schema.js';
import { slashed } from './project-paths.js';
import { slug } from './slug.js';

/** Multiplay's command line for a game whose configuration has none. */
const COMMAND_LINE = '-port $$port$$ -queryport $$query_port$$ -log $$log_dir$$';

/** The build configuration for Berth that corresponds to one of the file. Throws `Unparsable`. */
export function configurationOf(
  gsh: Gsh,
  name: string,
  notes: Set<string>,
): BuildConfigurationInput {
  const given = gsh.buildConfigurations[name];
  if (given === undefined) {
    throw new Unparsable(`a fleet names the build configuration ${name}, which is not in the file`);
  }
  const { build, binaryPath, queryType, variables, readiness } = given;
  const path = binaryPath || (gsh.builds[build]?.executableName ?? '');
  const configuration: BuildConfigurationInput = {
    build: { name: slug(build) },
    // Multiplay's path starts at the root of the build.
    executable: slashed(path).replace(/^(\.?\/)+/, ''),
    arguments: argumentsOf(given, name, notes),
    query: queryType ?? 'none',
    variables: Object.fromEntries(
      Object.entries(variables).map(([key, text]) => [key, text ?? '']),
    ),
    readiness,
  };
  noteLimits(given, name, notes);
  try {
    parse(buildConfigurationSchema, configuration);
  } catch (error) {
    if (!(error instanceof Unparsable)) throw error;
    throw new Unparsable(`build configuration ${name}: ${error.message}`);
  }
  return configuration;
}

function argumentsOf(
  { commandLine }: GshBuildConfiguration,
  name: string,
  notes: Set<string>,
): string[] {
  const line = commandLine ?? COMMAND_LINE;
  for (const [whole, variable = ''] of line.matchAll(/\$\$([^\s$]+)\$\$/g)) {
    if (isPlaceholder(variable)) continue;
    notes.add(
      `build configuration ${name}: Berth does not know ${whole}, and passes it on unchanged`,
    );
  }
  try {
    const { words, kept } = wordsOf(line);
    for (const word of kept) {
      const how = 'Multiplay does not document whether it does the same';
      notes.add(`build configuration ${name}: ${word} keeps the quotes within it; ${how}`);
    }
    return [...words];
  } catch (error) {
    if (!(error instanceof CommandLineInvalid)) throw error;
    throw new Unparsable(`build configuration ${name}: commandLine: ${error.message}`);
  }
}

function noteLimits(
  { cores, speedMhz, memoryMiB }: GshBuildConfiguration,
  name: string,
  notes: Set<string>,
): void {
  const limits = Object.entries({ cores, speedMhz, memoryMiB })
    .filter(([, value]) => value != null)
    .map(([key, value]) => `${key} ${value}`);
  if (limits.length === 0) return;
  const why = 'games are not limited';
  notes.add(`build configuration ${name}: not carried over: ${limits.join(', ')}; ${why}`);
}
