import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { BerthDev } from '../../end-to-end/src/berth-dev.js';
import { SUBJECT_EXAMPLES, type SubjectExample } from '../../tidy/src/subject-examples.js';
import { isOnPath } from './path.js';

const run = promisify(execFile);

const PROGRAM = resolve('test/clients/matchmaker.py');

const berth = new BerthDev();
let nats: NatsConnection;

beforeAll(async () => {
  await berth.start(1);
  nats = await connect({ servers: berth.natsUrl });
}, 60_000);

afterAll(async () => {
  await nats.close();
  await berth.dispose();
}, 60_000);

const asked = ({ subject, says }: SubjectExample) =>
  nats.request(subject, JSON.stringify(says), { timeout: 26_000 });

const keysOf = (value: object) => Object.keys(value).sort();

describe('An example of the subjects page', () => {
  it('gets an answer of the form that the page shows', async () => {
    const { ask, granted, end, ended } = SUBJECT_EXAMPLES;
    const grant = (await asked(ask)).json<{ status: string }>();
    expect(grant.status).toBe('allocated');
    expect(keysOf(grant)).toEqual(keysOf(granted.says));
    expect((await asked(ask)).json()).toEqual(grant);
    const over = (await asked(end)).json<{ status: string }>();
    expect(over).toEqual({ ...ended.says, slot: expect.any(String) });
  });

  it('of a published request is stored once, and its result arrives', async () => {
    const { leave, result, refused } = SUBJECT_EXAMPLES;
    const heard = nats.subscribe(result.subject, { max: 1 });
    const id = headers();
    id.set('Nats-Msg-Id', 'match-2');
    for (const isAgain of [undefined, true]) {
      const stored = await nats.request(leave.subject, JSON.stringify(leave.says), {
        timeout: 5_000,
        headers: id,
      });
      expect(stored.json()).toMatchObject({ stream: 'REQUESTS_local', seq: 1 });
      expect(stored.json<{ duplicate?: true }>().duplicate).toBe(isAgain);
    }
    let message: Msg | undefined;
    for await (const each of heard) message = each;
    expect(keysOf(message?.json() ?? {})).toEqual(keysOf(result.says));

    // The only server is taken now, so a request is refused in the way that the page shows.
    const full = await nats.request('allocate.local', '{"allocationId":"match-3"}', {
      timeout: 16_000,
    });
    expect(keysOf(full.json())).toEqual(keysOf(refused.says));
    expect(full.headers?.get('Nats-Service-Error-Code')).toBe('503');
    await nats.request('deallocate.local', '{"allocationId":"match-2"}', { timeout: 16_000 });
  });
});

const python = isOnPath('python3');

describe('A matchmaker in Python, written only from the page', () => {
  const when = python ? it : it.skip;

  when(`is served${python ? '' : ' (needs python3)'}`, async () => {
    const { stdout } = await run('python3', [PROGRAM, berth.natsUrl, 'local']);
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: string; head: string; body: unknown });
    const said = new Map(steps.map(({ step, ...rest }) => [step, rest]));
    const body = (step: string) => said.get(step)?.body;
    expect(body('asked')).toMatchObject({ status: 'allocated', region: 'local' });
    expect(body('asked again')).toEqual(body('asked'));
    expect(body('ended')).toMatchObject({ status: 'deallocated' });
    expect(said.get('looked too early')?.head).toMatch(/^NATS\/1\.0 404/);
    expect(body('stored')).toMatchObject({ stream: 'REQUESTS_local' });
    expect(body('stored again')).toMatchObject({ duplicate: true });
    expect(body('heard')).toMatchObject({ answer: { status: 'allocated' } });
    expect(body('looked')).toEqual(body('heard'));
    expect(body('cancelled')).toMatchObject({ status: 'refused', code: 'cancelled' });
    expect(body('ended what was left')).toMatchObject({ status: 'deallocated' });
    expect(said.get('asked nobody')).toEqual({ head: expect.stringMatching(/503/), body: null });
  });
});
