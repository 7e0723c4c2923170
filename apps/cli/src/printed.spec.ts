import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { everyCommand, helpOf, isRunnable, nameOf, receivedBy } from '../test/support/typing.js';
import { program } from './program.js';

const [berth, ...commands] = everyCommand(program(() => undefined));

const filesIn = (folder: string) => readdirSync(folder).map((name) => join(folder, name));
const pages = ['README.md', 'CHANGELOG.md', ...filesIn('docs')].filter((path) =>
  path.endsWith('.md'),
);

/** The example commands in a text, each joined with its continuation lines. */
function examplesIn(text: string): readonly string[] {
  const whole = text.replaceAll(/ *\\\n */g, ' ');
  return [...whole.matchAll(/^ *(berth .*)$/gm)].map(([, line = '']) => line);
}

/** The words of a line, as a shell splits them: without a redirection, or an explanation. */
function wordsOf(line: string): readonly string[] {
  const [command = ''] = line.split(/ {3,}| +[#>] /);
  const words = command.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.slice(1).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

const inDocs = pages.flatMap((page) =>
  examplesIn(readFileSync(page, 'utf8')).map((line) => [page, line] as const),
);
const inHelp = commands.flatMap((command) =>
  examplesIn(helpOf(command)).map((line) => [`${nameOf(command)} --help`, line] as const),
);

describe('An example', () => {
  it.each([...inHelp, ...inDocs])('in %s can be typed: %s', async (_, line) => {
    await expect(receivedBy(wordsOf(line))).resolves.toBeDefined();
  });

  it('is in the help of every command, and in the documents', () => {
    const without = commands.filter(
      (command) => isRunnable(command) && examplesIn(helpOf(command)).length === 0,
    );
    expect(without.map(nameOf)).toEqual([]);
    expect(inDocs.length).toBeGreaterThan(15);
  });
});

const mentions = [...pages, ...filesIn('docs/generated'), ...filesIn('docs/decisions')].flatMap(
  (page) =>
    [...readFileSync(page, 'utf8').matchAll(/`berth ([a-z][^`]*)`/g)].map(
      ([, words = '']) => [page, words] as const,
    ),
);

/** The command that the words name; undefined if there is none. */
function commandNamed(words: readonly string[]): Command | undefined {
  let found = berth;
  for (const word of words) {
    const isArgument = found?.commands.length === 0 || !/^[a-z-]+$/.test(word);
    if (isArgument) break;
    found = found?.commands.find((one) => one.name() === word);
  }
  return found;
}

describe('The help of a command', () => {
  it.each(commands.map((command) => [nameOf(command), command] as const))(
    'fits 80 columns: %s',
    (_, command) => {
      const lines = helpOf(command).split('\n');
      expect(lines.filter(({ length }) => length > 80)).toEqual([]);
    },
  );
});

/** Commands that answer nothing: they run until they are stopped, or print a script. */
const WITHOUT_JSON = ['dev', 'agent', 'nats admit', 'completion'];

describe('Every command that answers', () => {
  it('answers in JSON on request', () => {
    const without = commands.filter(
      (command) => isRunnable(command) && !command.options.some(({ long }) => long === '--json'),
    );
    expect(without.map(nameOf)).toEqual(WITHOUT_JSON);
  });
});

describe('A command that a document mentions', () => {
  it.each(mentions)('exists, with its options: in %s, berth %s', (_, text) => {
    const words = text.split(/\s+/);
    const named = words.findIndex((word) => word.startsWith('-'));
    const command = commandNamed(named < 0 ? words : words.slice(0, named));
    expect(command).toBeDefined();
    const known = ['--help', ...(command?.options ?? []).map(({ long }) => long)];
    for (const word of words) if (word.startsWith('--')) expect(known).toContain(word);
  });
});
