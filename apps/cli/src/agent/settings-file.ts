import { errorMessage } from '#kernel';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMAND, flags } from './flags.js';
import { didYouMean } from './nearest.js';

/** A settings file is invalid; `message` says what is wrong with it. */
class SettingsFileInvalid extends Error {
  override readonly name = 'SettingsFileInvalid';
}

/** A settings file has a few hundred bytes; a larger file is something else. */
const BYTES_MAX = 256 * 1024;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const value = z.union([scalar, z.array(scalar), z.record(z.string(), scalar), z.null()]);
const content = z.record(z.string(), value).nullable();

/**
 * Reads settings from a YAML file; returns them by the names of their environment variables. Keys
 * of the file are flags without dashes; lists and maps may be written as YAML. Throws
 * `SettingsFileInvalid`.
 */
export function readSettingsFile(path: string): Record<string, string> {
  const read = content.safeParse(documentIn(path));
  if (!read.success) {
    throw new SettingsFileInvalid(`${path} must hold one setting per line, like "slots: 4"`);
  }
  const entries = Object.entries(read.data ?? {}).filter(([, said]) => said !== null);
  const names = flags.map(({ name }) => name);
  const unknown = entries.filter(([key]) => !names.includes(key));
  if (unknown.length > 0) {
    const lines = unknown.map(([key]) => `  ${key}: is no setting${didYouMean(key, names)}`);
    throw new SettingsFileInvalid(`${path} holds unknown settings:\n${lines.join('\n')}`);
  }
  return Object.fromEntries(
    entries.map(([key, said]) => {
      const setting = flags.find(({ name }) => name === key)?.setting ?? '';
      return [setting, asText(setting, said)];
    }),
  );
}

function documentIn(path: string): unknown {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > BYTES_MAX) throw new Error(`it has more than ${BYTES_MAX} bytes`);
    return parse(text, { maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    throw new SettingsFileInvalid(`${path} cannot be read: ${errorMessage(cause)}`, { cause });
  }
}

function asText(setting: string, said: z.output<typeof value>): string {
  if (Array.isArray(said)) {
    return setting === COMMAND ? JSON.stringify(said.map(String)) : said.join(',');
  }
  if (typeof said === 'object' && said !== null) {
    return Object.entries(said)
      .map(([key, word]) => `${key}=${String(word)}`)
      .join(',');
  }
  return String(said);
}
