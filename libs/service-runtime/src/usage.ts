import type { z } from 'zod';
import { describeSettings } from './describe-settings.js';
import { version } from './version.js';

/** What the help text of a service says. */
export interface ServiceUsage {
  /** Such as `allocator`, for `berth-allocator`. */
  readonly name: string;
  readonly purpose: string;
  readonly settings: Readonly<Record<string, z.ZodType>>;
}

/** Text that is printed instead of running the service. */
export interface Said {
  readonly text: string;
  /** 0 for help and version; 2 for an unknown argument. */
  readonly exitCode: 0 | 2;
}

/** The text for the arguments of a service; null if there are none and the service is to run. */
export function answerTo(words: readonly string[], usage: ServiceUsage): Said | null {
  const [first] = words;
  if (first === undefined) return null;
  if (first === '--help' || first === '-h') return { text: helpText(usage), exitCode: 0 };
  if (first === '--version' || first === '-V') return { text: `${version}\n`, exitCode: 0 };
  const hint = 'it takes its settings from the environment; --help lists them';
  return { text: `berth-${usage.name}: unknown argument "${first}": ${hint}\n`, exitCode: 2 };
}

function helpText({ name, purpose, settings }: ServiceUsage): string {
  const entries = describeSettings(settings).map((setting) => {
    const { byDefault, isRequired } = setting;
    const otherwise = isRequired ? 'required' : byDefault === null ? '' : `default ${byDefault}`;
    const value = [setting.value.replaceAll('`', ''), otherwise].filter((word) => word !== '');
    return `  ${setting.name}\n      ${setting.meaning}\n      ${value.join('; ')}\n`;
  });
  return `berth-${name} ${version}: ${purpose}

Usage: node dist/apps/${name}/src/main.js [--help] [--version]

Its settings are variables of the environment; an empty one counts as not set:

${entries.join('\n')}`;
}
