import { freePort } from '#testing';
import { expect } from '@jest/globals';
import { numericId } from '#multiplay';
import { readConfig } from '#service-runtime';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readAgentConfig } from '../../../apps/agent/src/config.js';
import { readSettingsFile } from '../../../apps/cli/src/agent/settings-file.js';
import { multiplaySettings } from '../../../apps/gateway/src/dialects/multiplay/multiplay.settings.js';
import { eventually } from '../../end-to-end/src/berth-dev.js';
import type { Block } from './document.js';
import { eventsIn, listen } from './event-stream.js';
import type { Installation } from './installation.js';
import { shapeOf } from './shape.js';
import { type } from './shell.js';

/** A block that is not simply run, and how it is checked instead. */
export interface Special {
  readonly document: string;
  readonly begins: string;
  readonly show: (here: Installation, block: Block) => Promise<void>;
}

const WITHIN_MS = 30_000;

const allocated = z.object({ slot: z.string() });
const fleets = z.object({ slots: z.array(z.object({ fleet: z.string(), id: z.string() })) });

export const SPECIAL: readonly Special[] = [
  { document: 'docs/agent.md', begins: 'berth agent --nats', show: agentRuns },
  { document: 'docs/agent.md', begins: 'nats: nats://', show: fileIsRead },
  { document: 'docs/agent.md', begins: '# bzflag.yaml', show: gameIsNotCalled },
  { document: 'docs/agent.md', begins: '# teeworlds.yaml', show: gameIsNotCalled },
  { document: 'docs/agent.md', begins: 'payloadFile:', show: configurationIsSet },
  { document: 'docs/agent.md', begins: '# in a build configuration', show: configurationIsSet },
  { document: 'docs/audit.md', begins: 'berth audit slot eu.host-1.3 --at', show: pastIsShown },
  { document: 'docs/audit.md', begins: 'AFTER ', show: storyIsTold },
  { document: 'docs/audit.md', begins: 'berth audit export day', show: pastIsShown },
  { document: 'docs/multiplay.md', begins: '{\n  "timeoutSeconds"', show: queueIsAsOurs },
  { document: 'docs/multiplay.md', begins: '{\n  "regions"', show: idsAreRead },
  { document: 'docs/sdk.md', begins: 'npm install', show: sdkIsInstalled },
  { document: 'docs/sdk.md', begins: "import { connect } from '@berth/sdk'", show: gameRuns },
  { document: 'docs/sdk.md', begins: 'here=', show: daemonAnswers },
  { document: 'docs/sdk.md', begins: 'id: ', show: daemonTells },
];

/** Starts an agent with the documented command, and returns a function that stops it. */
async function startAgent(here: Installation, words: string, data: string) {
  const first = await freePort();
  const { cwd, env } = here.placeOf('docs/agent.md', {
    ...here.login(data),
    BERTH_PORTS: `${Math.min(first, 60_000)}-${Math.min(first, 60_000) + 99}`,
    BERTH_DATA: here.path(data),
    BERTH_SDK_PORT: '0',
    BERTH_SDK_CALLERS: 'any',
    BERTH_CALLBACK: 'none',
    BERTH_ON_STOP: 'end',
  });
  const agent = spawn('bash', ['-c', `exec ${words}`], { cwd, env });
  return async () => {
    agent.kill('SIGTERM');
    if (agent.exitCode === null) await once(agent, 'exit');
  };
}

async function slotsOf(here: Installation, fleet: string) {
  const response = await fetch(`${here.api}/v1/slots?limit=1000`);
  return fleets.parse(await response.json()).slots.filter((slot) => slot.fleet === fleet);
}

async function agentRuns(here: Installation, { text }: Block): Promise<void> {
  const stop = await startAgent(here, await here.adapted(text), 'arena');
  try {
    await eventually(async () => (await slotsOf(here, 'arena')).length === 4, WITHIN_MS);
  } finally {
    await stop();
  }
}

async function fileIsRead(here: Installation, { text }: Block): Promise<void> {
  const path = here.path('agent.yaml');
  await writeFile(path, text);
  const config = readAgentConfig({ ...readSettingsFile(path), BERTH_DATA: here.home });
  expect(config).toMatchObject({ BERTH_SLOTS: 4, BERTH_QUERY: 'sqp', BERTH_FLEET: 'arena' });
}

async function gameIsNotCalled(here: Installation, { text }: Block): Promise<void> {
  const path = here.path('agent.yaml');
  await writeFile(path, text);
  const config = readAgentConfig({ ...readSettingsFile(path), BERTH_DATA: here.home });
  expect(config).toMatchObject({ BERTH_CALLBACK: 'none', BERTH_QUERY: 'none' });
}

async function configurationIsSet(here: Installation, { text }: Block): Promise<void> {
  await writeFile(here.path('harbour.yaml'), `executable: /bin/sleep\narguments: ['60']\n${text}`);
  const line = 'berth build-configurations set local.harbour --file harbour.yaml';
  expect(await type(line, here.placeOf('docs/agent.md'))).toContain('local.harbour');
}

/** The documented times are before this installation's first event. */
async function pastIsShown(here: Installation, { document, text }: Block): Promise<void> {
  const hours = (ago: number) => new Date(Date.now() - ago * 3_600_000).toISOString();
  const dated = text
    .replace('2026-01-31T18:30:00Z', hours(0))
    .replace('2026-01-31T00:00:00Z', hours(1))
    .replace('2026-02-01T00:00:00Z', hours(0));
  expect(await type(await here.adapted(dated), here.placeOf(document))).not.toBe('');
}

async function storyIsTold(here: Installation, { document, text }: Block): Promise<void> {
  const told = await type('berth audit allocation match-1', here.placeOf(document));
  const [heading, first] = text.split('\n').map((line) => line.split(/\s+/));
  const [ownHeading, ownFirst] = told.split('\n').map((line) => line.split(/\s+/));
  expect(ownHeading?.slice(0, 2)).toEqual(heading?.slice(0, 2));
  expect(ownFirst?.[0]).toBe(first?.[0]);
}

async function queueIsAsOurs(_: Installation, { text }: Block): Promise<void> {
  const queue = await readFile('examples/unity-matchmaker/BerthQueue.mmq', 'utf8');
  expect(JSON.parse(queue)).toMatchObject({ defaultPool: JSON.parse(text) as object });
}

async function idsAreRead(here: Installation, { text }: Block): Promise<void> {
  const path = here.path('ids.json');
  await writeFile(path, text);
  const { MULTIPLAY_IDS } = readConfig(z.object(multiplaySettings), { MULTIPLAY_IDS: path });
  expect(MULTIPLAY_IDS).toEqual(JSON.parse(text));
}

async function sdkIsInstalled(here: Installation, { text }: Block): Promise<void> {
  const place = { ...here.placeOf('docs/sdk.md'), cwd: here.path('my-game') };
  expect(await type(await here.adapted(text), place)).not.toBe('');
}

/**
 * An agent runs the file as its game, and a session goes through it from the first line to the
 * last.
 */
async function gameRuns(here: Installation, { text }: Block): Promise<void> {
  await writeFile(here.path('my-game/game.js'), text);
  const words = 'berth agent --region local --fleet sdk --slots 1 -- node ';
  const stop = await startAgent(here, words + here.path('my-game/game.js'), 'sdk');
  const place = here.placeOf('docs/sdk.md');
  try {
    await eventually(async () => (await slotsOf(here, 'sdk')).length === 1, WITHIN_MS);
    const [slot] = await slotsOf(here, 'sdk');
    // Such a short session may be over before its requester is answered; the answer then says so.
    await type('berth allocate --region local --fleet sdk || true', place);
    await eventually(async () => {
      return (await type(`berth events ${slot?.id}`, place)).includes('SlotCleared');
    }, WITHIN_MS);
    // A game's output is on its way a little longer than its end.
    await eventually(async () => {
      return (await type(`berth logs ${slot?.id}`, place)).includes('the session is over');
    }, WITHIN_MS);
  } finally {
    await stop();
  }
}

/** What the daemon has sent about the session below. */
let heard = '';

async function daemonAnswers(here: Installation, { text }: Block): Promise<void> {
  const place = here.placeOf('docs/sdk.md');
  const payload = `--payload '{"mode":"ctf"}'`;
  const line = `berth allocate --region local --fleet sample --id match-of-sdk --json ${payload}`;
  const { slot } = allocated.parse(JSON.parse(await type(line, place)));
  const BERTH_SERVER_ID = numericId(slot);
  const env = { BERTH_SDK_URL: here.sdkUrl, BERTH_SERVER_ID };
  const stream = await listen(`${here.sdkUrl}/v1/servers/${BERTH_SERVER_ID}/events`);
  expect(await type(text, here.placeOf('docs/sdk.md', env))).toContain('event: allocate');
  await eventually(() => stream.heard().includes('event: deallocate'), WITHIN_MS);
  heard = stream.heard();
  await stream.close();
}

function daemonTells(_: Installation, { text }: Block): Promise<void> {
  const shape = (stream: string) => shapeOf(eventsIn(stream));
  expect(shape(heard)).toEqual(shape(text));
  return Promise.resolve();
}
