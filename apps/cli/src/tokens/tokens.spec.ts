import { readTokens } from '#auth';
import { past } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestGateway } from '../../../gateway/test/support/gateway.js';
import { program } from '../program.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-tokens-command-'));
  file = join(folder, 'tokens.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs a command; returns what it prints. */
async function berth(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const command = program((text) => printed.push(text)).configureOutput({ writeErr: () => {} });
  await command.exitOverride().parseAsync(words, { from: 'user' });
  return printed.join('\n');
}

const tokens = (...words: readonly string[]) => berth('tokens', ...words, '--file', file);

async function create(...words: readonly string[]): Promise<string> {
  return (await tokens('create', '--name', 'me', ...words)).split('\n')[0] ?? '';
}

describe('berth tokens', () => {
  it('makes a token that is shown once', async () => {
    const wish = ['--scopes', 'allocate,audit', '--rate', '5/10', '--regions', 'eu'];
    const text = await create(...wish, '--expires', '90d');
    const [token] = await readTokens(file);
    expect(token).toMatchObject({
      id: text.split('_')[1],
      name: 'me',
      scopes: ['allocate', 'audit'],
      rate: { qps: 5, burst: 10 },
      regions: ['eu'],
    });
    const lifetime = Date.parse(token?.expiresAt ?? '') - Date.parse(token?.createdAt ?? '');
    expect(lifetime).toBe(90 * 86_400_000);
    const [, row] = (await tokens('list')).split('\n');
    expect(row?.split(/ {2,}/).slice(0, 5)).toEqual([
      token?.id,
      'me',
      'allocate, audit',
      'eu',
      '5/10',
    ]);
    const listed = await tokens('list', '--json');
    expect(JSON.parse(listed)).toHaveLength(1);
    for (const secret of [text.slice(-43), token?.digest ?? '?']) {
      expect(listed).not.toContain(secret);
    }
  });

  it('makes a token of a project, which cannot have what is of all projects', async () => {
    await create('--scopes', 'allocate,observe', '--project', 'acme');
    expect(await readTokens(file)).toMatchObject([{ project: 'acme' }]);
    expect(await tokens('list')).toMatch(/allocate, observe +acme +all/);
    const deploying = create('--scopes', 'allocate,deploy', '--project', 'acme');
    await expect(deploying).rejects.toThrow('a token of a project cannot have deploy or audit');
    expect(await readTokens(file)).toHaveLength(1);
  });

  it('revokes a token, and says so if there is none', async () => {
    const [, id = ''] = (await create('--scopes', 'audit')).split('_');
    await create('--scopes', 'operate');
    expect(await tokens('revoke', id)).toContain(`${id} is revoked`);
    expect(await readTokens(file)).toHaveLength(1);
    await expect(tokens('revoke', id)).rejects.toThrow(`there is no token ${id}`);
  });

  it('touches no file that it cannot read', async () => {
    await writeFile(file, 'something else');
    await expect(create('--scopes', 'audit')).rejects.toThrow('is broken: it is not JSON');
  });
});

describe('An operator’s command', () => {
  afterEach(() => void delete process.env['BERTH_TOKEN']);

  it('sends the token in BERTH_TOKEN, and says so if it is refused', async () => {
    const text = await create('--scopes', 'observe');
    const gateway = await TestGateway.start({ BERTH_TOKENS: file });
    try {
      await gateway.record('local.a.1', past.warm);
      const slots = ['slots', '--api', `http://127.0.0.1:${gateway.port}`];
      await expect(berth(...slots)).rejects.toThrow('BERTH_TOKEN');
      process.env['BERTH_TOKEN'] = text;
      expect(await berth(...slots)).toContain('local.a.1');
      const events = ['events', 'local.a.1', ...slots.slice(1)];
      await expect(berth(...events)).rejects.toThrow('this needs audit');
    } finally {
      await gateway.close();
    }
  });
});
