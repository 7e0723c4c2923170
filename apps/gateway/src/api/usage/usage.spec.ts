import { past } from '#testing';
import { endpoints, encodeJson } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../test/support/gateway.js';

const used = {
  cpus: 0.5,
  memoryBytes: 1_000_000,
  processes: 2,
  threads: 9,
  openFiles: 20,
  measuredAt: 1,
};

describe('The usage of a slot over HTTP', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start();
    await gateway.record('local.a.1', past.warm);
  });
  afterEach(() => gateway.close());

  const answering = (answer: object) =>
    gateway.bus.subscribe(endpoints.usage.subject.of({ region: 'local', agent: 'a' }), (message) =>
      message.respond(encodeJson(answer)),
    );

  it('is what its agent reports', async () => {
    answering({ status: 'measured', slots: { 1: used } });
    expect(await gateway.get('/v1/slots/local.a.1/usage')).toMatchObject({
      status: 200,
      body: { slot: 'local.a.1', usage: used },
    });
  });

  it('is null if nothing runs', async () => {
    answering({ status: 'measured', slots: {} });
    expect((await gateway.get('/v1/slots/local.a.1/usage')).body.usage).toBeNull();
  });

  it('is refused if there is no such slot, or its agent does not answer', async () => {
    expect((await gateway.get('/v1/slots/local.a.2/usage')).status).toBe(404);
    expect((await gateway.get('/v1/slots/local.a.1/usage')).status).toBe(503);
  });

  it('is a problem of its own if the answer of the agent cannot be read', async () => {
    answering({ status: 'measured', slots: 'as a later version says it' });
    expect(await gateway.get('/v1/slots/local.a.1/usage')).toMatchObject({
      status: 502,
      body: { code: 'bad-answer', detail: expect.stringContaining("the agent's answer") },
    });
  });
});

describe("The output of a slot's games over HTTP", () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start();
    await gateway.record('local.a.1', past.warm);
  });
  afterEach(() => gateway.close());

  const path = '/v1/slots/local.a.1/output';
  const subject = endpoints.logs.subject.of({ region: 'local', agent: 'a', slot: '1' });

  it('is what its agent has of it: as many lines as are asked for, or what came after', async () => {
    const asked: unknown[] = [];
    gateway.bus.subscribe(subject, ({ body, respond }) => {
      asked.push(JSON.parse(new TextDecoder().decode(body)));
      const chunk = { text: 'ready\n', from: 0, to: 6, incarnation: 1 };
      respond(encodeJson({ status: 'read', chunk }));
    });
    expect(await gateway.get(path)).toMatchObject({
      status: 200,
      body: { slot: 'local.a.1', text: 'ready\n' },
    });
    await gateway.get(`${path}?lines=7`);
    await gateway.get(`${path}?after=6`);
    expect(asked).toEqual([{ lines: 100 }, { lines: 7 }, { lines: 100, after: 6 }]);
  });

  it('is a problem if more is asked for, the agent refuses, or does not answer', async () => {
    expect((await gateway.get(`${path}?lines=5001`)).status).toBe(400);
    expect((await gateway.get(path)).status).toBe(503);
    gateway.bus.subscribe(subject, ({ respond }) =>
      respond(encodeJson({ status: 'refused', code: 'not-ready', message: 'too many questions' })),
    );
    expect(await gateway.get(path)).toMatchObject({
      status: 502,
      body: { detail: 'too many questions' },
    });
  });
});
