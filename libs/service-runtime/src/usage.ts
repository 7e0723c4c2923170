import type { z } from 'zod';
import { describeSettings } from './describe-settings.js';
import { version } from './version.js';

/** What a service says of itself to who asks for help. */
export interface ServiceUsage {
  /** `allocator`: `berth-allocator --version` is what it answers. */
  readonly name: string;
  readonly purpose: string;
  readonly settings: Readonly<Record<string, z.ZodType>>;
}

/** What is printed instead of running the service. */
export interface Said {
  readonly text: string;
  /** 0 where it was asked for; 2 where something was typed that the service does not know. */
  readonly exitCode: 0 | 2;
}

/** The answer to what was typed behind a service's name; null where it is to run. */
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
