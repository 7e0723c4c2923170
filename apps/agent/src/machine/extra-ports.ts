import { listOf } from '#service-runtime';
import { z } from 'zod';
import type { SlotPorts } from './slot-folder.js';

/** Ports that each slot has beside the standard ones: `count` ports in a row under one name. */
export interface ExtraPorts {
  readonly name: string;
  readonly count: number;
}

/** Suffix of the name that stands for the last port of a range. */
const LAST = '_last';

const NAMES_MAX = 16;
const TAKEN = new Set(['game', 'query', 'callback']);

const extraPorts = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}(:\d{1,4})?$/, 'must be like "rcon", or "voice:10" for ten in a row')
  .transform((text): ExtraPorts => {
    const [name = '', count = '1'] = text.split(':');
    return { name, count: Number(count) };
  })
  .refine(({ name }) => !TAKEN.has(name), 'game, query and callback are names that every slot has')
  .refine(({ name }) => !name.endsWith(LAST), `no name may end with ${LAST}`)
  .refine(({ count }) => count >= 1 && count <= 1_000, 'must be 1 to 1000 in a row');

/** The setting, written like `rcon,voice:10`. */
export const extraPortsSetting = listOf(extraPorts, '`name` or `name:count`')
  .refine((all) => all.length <= NAMES_MAX, `at most ${NAMES_MAX} names`)
  .refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    'each name may be used once',
  );

/** The extra ports that a command names and no slot has. Their placeholders would stay unfilled. */
export function unknownPorts(
  command: readonly string[],
  all: readonly ExtraPorts[],
): readonly string[] {
  const known = new Set(
    all.flatMap(({ name, count }) => (count > 1 ? [name, name + LAST] : [name])),
  );
  const named = command.flatMap((argument) =>
    [...argument.matchAll(/\{port_([a-z0-9_]+)\}|\$\$port_([a-z0-9_]+)\$\$/g)].map(
      ([, plain, multiplay]) => plain ?? multiplay ?? '',
    ),
  );
  return named.filter((name) => !known.has(name)).map((name) => `port_${name}`);
}

/** Total number of ports. */
export function countOfPorts(all: readonly ExtraPorts[]): number {
  return all.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Extra ports by name, as matchmakers and games are told them: the first port of a range under its
 * name, and the last one under `<name>_last`.
 */
export function portsByName({ extra = {} }: SlotPorts): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(extra).flatMap(([name, { first, last }]) =>
      last === first
        ? [[name, first]]
        : [[name, first] as const, [`${name}${LAST}`, last] as const],
    ),
  );
}
