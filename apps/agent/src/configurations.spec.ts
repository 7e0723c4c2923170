import type { SlotState } from '#slot';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { duel, TestMachine } from '../test/support/agent.js';
import { isLive, isWarm, pidOf, runsDuel } from '../test/support/region.js';

const answerOf = ({ context }: SlotState) => context.allocation?.answer.value();

describe('an agent that runs any build configuration', () => {
  let machine: TestMachine;

  beforeEach(async () => {
    machine = await TestMachine.open();
  });

  afterEach(() => machine.close());

  it('keeps the assigned one ready, and later its next version', async () => {
    machine.learn(1);
    machine.learn(2);
    await machine.start();
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    const first = await machine.region.until(runsDuel(1));
    expect(first.context.failure).toBeNull();
    await machine.assign(duel(2));
    const second = await machine.region.until(runsDuel(2));
    expect(pidOf(second)).not.toBe(pidOf(first));
    await machine.assign(null);
    await machine.region.until(({ context }) => context.process?.version === 0);
  });

  it('keeps the running process until it knows the assigned configuration', async () => {
    await machine.start();
    const pid = pidOf(await machine.region.until(isWarm));
    await machine.assign(duel(1));
    await machine.claim('match-1', { run: { buildConfiguration: 'harbour-1', version: 0 } });
    const state = await machine.region.until(isLive);
    expect(answerOf(state)).toMatchObject({ pid });
    machine.learn(1);
    await machine.tell('/exit/0');
    await machine.region.until(runsDuel(1));
  });

  it('serves a session on another configuration than the one that is ready', async () => {
    machine.learn(1, {
      arguments: ['-port', '{port}', '$$query_type$$'],
      variables: { MAP: 'docks' },
    });
    await machine.start();
    const warm = await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), payload: { mode: 'duel' } });
    const state = await machine.region.until(isLive);
    expect(pidOf(state)).not.toBe(pidOf(warm));
    const port = String(state.context.offer?.ports['game']);
    expect(answerOf(state)).toMatchObject({
      words: ['-port', port, 'none'],
      map: 'docks',
      body: '{"mode":"duel"}',
      server: { MAP: 'docks', port, allocatedUUID: 'match-1' },
    });
    await machine.tell('/exit/0');
    const after = await machine.region.until(isWarm);
    expect(after.context.process).toMatchObject({ buildConfiguration: 'harbour-1', version: 0 });
    expect(JSON.parse(await machine.read('server.json'))).not.toHaveProperty('MAP');
  });

  it('starts a new process if the request asks for that', async () => {
    await machine.start();
    const warm = await machine.region.until(isWarm);
    await machine.claim('match-1', { fresh: true });
    const state = await machine.region.until(isLive);
    expect(pidOf(state)).not.toBe(pidOf(warm));
  });

  it('waits for a version that it does not know yet', async () => {
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(7) });
    await machine.region.until(({ context }) => context.allocation !== null);
    machine.learn(7);
    await machine.region.until(isLive);
  });

  it('says what it does not know when it has to answer', async () => {
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(7), limits: { coldStartMs: 400 } });
    const { context } = await machine.region.until(({ context }) => context.lastEnd !== null);
    expect(context.lastEnd?.reason).toContain('version 7 of build configuration duel');
    await machine.region.until(isWarm);
  });

  it('restarts a crashed session on its own version, even if another one is current by then', async () => {
    machine.learn(1);
    await machine.start();
    await machine.region.until(isWarm);
    await machine.assign(duel(1));
    await machine.region.until(runsDuel(1));
    await machine.claim('match-1', { run: duel(1) });
    const before = await machine.region.until(isLive);
    machine.learn(2);
    await machine.tell('/signal/SIGKILL');
    const after = await machine.region.until(
      ({ context }) => context.process !== null && context.process.pid !== pidOf(before),
    );
    expect(after.context.process).toMatchObject(duel(1));
    expect(after.context.allocation?.crashes).toBe(1);
  });

  it('writes the payload to a file before the game gets the callback', async () => {
    machine.learn(1, {
      payloadFile: { path: 'payload.json', mode: '0640', template: null },
      callback: {
        kind: 'http',
        path: '/x',
        method: 'PUT',
        envelope: 'payload',
        emptyPayload: 'object',
      },
    });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), payload: { mode: 'duel' } });
    const state = await machine.region.until(isLive);
    const token = state.context.allocation?.token;
    const body = JSON.stringify({ payload: { mode: 'duel' }, token });
    expect(answerOf(state)).toMatchObject({ method: 'PUT', body });
    expect(await machine.read('payload.json')).toBe(body);
    const path = join(machine.data, '1', 'payload.json');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    await machine.tell('/exit/0');
    await machine.region.until(isWarm);
    expect(existsSync(path)).toBe(false);
  });

  it('writes the payload file by the template of the configuration', async () => {
    const template = 'mode={{ .payload.mode }} map={{ .env.MAP }} slot={{ .env.BERTH_SLOT }}';
    machine.learn(1, {
      variables: { MAP: 'docks' },
      payloadFile: { path: 'game/session.ini', mode: '0600', template },
    });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), payload: { mode: 'duel' } });
    await machine.region.until(isLive);
    expect(await machine.read('game/session.ini')).toBe('mode=duel map=docks slot=local.pier.1');
  });

  it('answers with variables if the game gives no answer', async () => {
    machine.learn(1, {
      arguments: ['mute'],
      variables: { MAP: 'docks' },
      answerVariables: ['MAP', 'BERTH_REGION', 'NONE'],
    });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1) });
    const state = await machine.region.until(isLive);
    expect(answerOf(state)).toEqual({ MAP: 'docks', BERTH_REGION: 'local' });
  });

  it('counts it as consent that a game without callback listens', async () => {
    machine.learn(1, { arguments: ['listen'], callback: { kind: 'none', ready: 'listening' } });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), limits: { coldStartMs: 60_000 } });
    const state = await machine.region.until(isLive);
    expect(answerOf(state)).toBeNull();
  });

  it('answers once the game is ready, even if an earlier start of the agent was told so', async () => {
    machine.learn(1, { readiness: true });
    await machine.start();
    await machine.region.until(isWarm);
    await machine.claim('match-1', { run: duel(1), readiness: true });
    await machine.region.until(({ context }) => context.allocation !== null);
    const slot = await machine.told();
    slot.receive({ readyFor: slot.told?.fence ?? 0 });
    await machine.stop();
    expect(machine.region.events).not.toContain('CallbackAcked');
    await machine.start();
    await machine.region.until(isLive);
  });

  it('reports why a process cannot be started, and keeps the one it has', async () => {
    machine.learn(1);
    const missing = {
      install: () => Promise.reject(new Error('there is no executable')),
      keep() {},
    };
    await machine.start();
    const pid = pidOf(await machine.region.until(isWarm));
    await machine.stop();
    await machine.assign(duel(1));
    await machine.start({}, { builds: missing });
    const { context } = await machine.region.until(({ context }) => context.failure !== null);
    expect(context.failure).toMatchObject({ check: 'start', reason: 'there is no executable' });
    expect(context.process?.pid).toBe(pid);
  });

  it('reports that a game ends by itself again and again', async () => {
    machine.learn(1, { arguments: ['fail'] });
    await machine.start({ keepWarm: false });
    await machine.region.until((state) => state.value !== 'unregistered');
    await machine.assign(duel(1));
    await machine.region.command({ type: 'SetWarmth', at: Date.now(), warmth: true });
    const { context } = await machine.region.until(({ context }) => context.failure !== null);
    expect(context.failure?.reason).toContain('exit code 3');
    expect(context.process).toBeNull();
  });
});
