import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readAgentConfig } from '../../../agent/src/config.js';
import { agentCommand } from './agent.command.js';
import { didYouMean } from './nearest.js';
import { inFlags, settingsOf, strangersIn } from './settings.js';

describe('The settings of an agent', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'berth-settings-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function file(text: string): Promise<{ config: string }> {
    const config = join(folder, 'agent.yaml');
    await writeFile(config, text);
    return { config };
  }

  it('come from the command line, else from the environment, else from the file', async () => {
    const typed = { ...(await file('region: a\nfleet: a\nslots: 3')), region: 'c' };
    const env = { BERTH_REGION: 'b', BERTH_FLEET: 'b', PATH: '/bin' };
    expect(settingsOf(typed, [], env)).toEqual({
      BERTH_DATA: '.berth-agent',
      BERTH_REGION: 'c',
      BERTH_FLEET: 'b',
      BERTH_SLOTS: '3',
      PATH: '/bin',
    });
  });

  it('may be lists and maps in a file', async () => {
    const typed = await file(`
command: [./server, -port, '{port}']
attributes: { mode: ctf, map: pier }
required-attributes: [vip]
keep-warm: false
cold-start-ms: 1000
nats: nats://log:4222
`);
    const config = readAgentConfig(settingsOf(typed, [], {}));
    expect(config).toMatchObject({
      BERTH_COMMAND: ['./server', '-port', '{port}'],
      BERTH_ATTRIBUTES: { mode: 'ctf', map: 'pier' },
      BERTH_REQUIRED_ATTRIBUTES: ['vip'],
      BERTH_KEEP_WARM: false,
      BERTH_COLD_START_MS: 1_000,
      NATS_URL: 'nats://log:4222',
    });
  });

  it.each([
    ['slot: 4', 'slot: is no setting (did you mean slots?)'],
    ['slots: { a: { b: c } }', 'must hold one setting per line'],
    ['slots: [', 'cannot be read'],
    ['- slots', 'must hold one setting per line'],
  ])('are refused in a file with %s', async (text, why) => {
    const typed = await file(text);
    expect(() => settingsOf(typed, [], {})).toThrow(why);
  });

  it('resolve the game from the working folder, and leave a name on the PATH as it is', () => {
    const commandOf = (...words: string[]) =>
      JSON.parse(settingsOf({}, words, {})['BERTH_COMMAND'] ?? '') as string[];
    expect(commandOf('./server', '-port', '{port}')[0]).toBe(resolve('server'));
    expect(commandOf('server')).toEqual(['server']);
  });

  it('are named by their flags in error messages', () => {
    const wrong = settingsOf({ ports: 'many' }, [], {});
    expect(() => readAgentConfig(wrong)).toThrow();
    try {
      readAgentConfig(wrong);
    } catch (error) {
      const message = inFlags((error as Error).message);
      expect(message).toContain('--ports (BERTH_PORTS): must be a range like 7000-7999');
      expect(message).toContain('berth agent -- ./server -port {port}');
    }
  });

  it('must be known: a similar name in the environment gets a hint', () => {
    expect(strangersIn({ BERTH_SLOT: '4', BERTH_SLOTS: '4', BERTH_API: 'x', PATH: '' })).toEqual([
      'BERTH_SLOT (did you mean BERTH_SLOTS?)',
    ]);
  });

  it('all have a flag, in groups', () => {
    const help = agentCommand(() => undefined).helpInformation();
    expect(help).toMatch(/Slots:\n +--slots <value> +how many games/);
    expect(help).toMatch(/--query-failures-max <value>/);
    expect(help.match(/\[BERTH_[A-Z_]+\]/g)?.length).toBeGreaterThan(25);
  });
});

describe('The suggested name', () => {
  it('is the nearest, if one is near enough', () => {
    expect(didYouMean('adress', ['address', 'agent'])).toBe(' (did you mean address?)');
    expect(didYouMean('something-else', ['address', 'agent'])).toBe('');
  });
});
