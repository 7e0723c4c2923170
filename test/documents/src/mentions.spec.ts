import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { program } from '../../../apps/cli/src/program.js';
import { documents } from './document.js';

const generated = readdirSync('docs/generated')
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs/generated', name));

const texts = [...documents(), 'ARCHITECTURE.md', ...generated].map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}));

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** The mentions found by this pattern in the documents that are not true. */
function untrue(pattern: RegExp, isSo: (...words: readonly string[]) => boolean) {
  return texts.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)]
      .filter(([, ...words]) => !isSo(...words.filter((word) => word !== undefined)))
      .map(([said]) => `${path}: ${said}`),
  );
}

const named = (command: Command, name: string | undefined) =>
  command.commands.find((inner) => inner.name() === name);

describe('The text of a document', () => {
  it('names only existing scripts', () => {
    const pattern = /npm run (?:--silent )?([a-z][a-z:-]*)/g;
    expect(untrue(pattern, (name = '') => name in scripts)).toEqual([]);
  });

  it('names only existing tests', () => {
    const pattern = /npm test -- ([\w./-]+\/[\w./-]+)/g;
    expect(untrue(pattern, (path = '') => existsSync(path))).toEqual([]);
  });

  it('names only existing commands of `berth`', () => {
    const all = program(() => undefined);
    const pattern = /`berth ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g;
    const isCommand = (name?: string, inner?: string) => {
      const command = named(all, name);
      if (command === undefined || command.commands.length === 0) return command !== undefined;
      // `agent` runs an agent, and also has a subcommand.
      return inner === undefined || name === 'agent' || named(command, inner) !== undefined;
    };
    expect(untrue(pattern, isCommand)).toEqual([]);
  });

  it('links only to existing files', () => {
    const pattern = /\]\((?!https?:|#)([^)#\s]+)/g;
    const broken = texts.flatMap(({ path, text }) =>
      [...text.matchAll(pattern)]
        .map(([, target = '']) => join(path, '..', target))
        .filter((target) => !existsSync(target))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
