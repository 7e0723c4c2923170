import { AT, type Examples } from './example.js';
import { session } from './sessions.js';

const by = { by: 'ann', at: AT, reason: 'the weekend' };

const manifest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const slot = {
  id: 'local.machine-1.1',
  region: 'local',
  agent: 'machine-1',
  slot: '1',
  fleet: 'harbour',
  status: 'allocated',
  phase: 'live',
  buildConfiguration: 'harbour-1',
  address: '192.0.2.1:7777',
  ip: '192.0.2.1',
  ports: { game: 7777 },
  addresses: {},
  attributes: { mode: 'ctf' },
  priority: 0,
  process: { pid: 4711, startedAt: AT - 60_000, buildConfiguration: 'harbour-1', version: 3 },
  pending: null,
  agentLost: false,
  warmth: null,
  failure: null,
  failedStarts: null,
  allocation: { allocationId: 'match-1', ...session },
  lastEnd: null,
  sequence: 12,
};

const event = {
  sequence: 12,
  slot: slot.id,
  type: 'CallbackAcked',
  at: AT + 20,
  source: 'berth/allocator/allocator-1',
  id: 'local.machine-1.1-4',
  data: { answer: { map: 'docks' }, process: slot.process },
  state: 'allocated',
  phase: 'live',
};

const file = { size: 118_000, mode: 0o755, digest: manifest };

const usage = {
  cpus: 0.5,
  memoryBytes: 268_435_456,
  processes: 2,
  threads: 9,
  openFiles: 20,
  measuredAt: AT,
};

const agent = {
  id: 'local.machine-1',
  region: 'local',
  agent: 'machine-1',
  slots: 4,
  statuses: { allocated: 1, available: 3 },
  pending: { drain: 0, maintenance: 0 },
  lost: 0,
  ...{ heardAt: AT, hasStopped: false, startedAt: AT - 3_600_000, version: '0.3.0' },
  loginLeftMs: null,
  disk: { freeBytes: 80_000_000_000, totalBytes: 250_000_000_000 },
  notReadyBecause: null,
};

const machine = {
  id: 'local.machine-1',
  policy: {
    ...{ fleets: ['harbour'], addresses: ['203.0.113.0/24'], slotsMax: 4 },
    ...{ priorityMin: 10, projects: null },
  },
  revision: 3,
  lastChange: { event: 'PolicySet', ...by },
  slots: 4,
  beyond: 0,
  refused: {
    ...{ slot: 'local.machine-1.5', reason: 'it may have 4 slots', at: AT },
  },
};

const fleet = {
  id: 'local.harbour',
  size: { minAvailable: 2, max: 100, buffer: 5 },
  revision: 7,
  lastChange: { event: 'FleetSized', ...by },
  allocated: 1,
  warm: 2,
  cold: 1,
  buildConfiguration: 'harbour-1',
  atATime: 2,
  rollout: {
    buildConfiguration: 'harbour-1',
    version: 3,
    done: 2,
    changing: 1,
    waiting: 1,
    failed: 0,
  },
  failing: [],
};

const build = {
  id: 'local.harbour',
  version: 2,
  revision: 9,
  lastChange: { event: 'BuildPushed', ...by },
  versions: [
    {
      version: 2,
      manifest,
      files: 3,
      bytes: 4_096,
      at: AT,
      by: 'ann',
    },
  ],
};

const configuration = {
  build: { name: 'harbour', version: 2 },
  executable: 'server',
  arguments: ['-port', '$$port$$'],
  workingDirectory: 'slot',
  variables: {},
  query: 'sqp',
  countBots: false,
  readiness: false,
  answerVariables: [],
  stopSignal: 'SIGTERM',
  stopGraceMs: 20_000,
  callbackMs: 5_000,
  coldStartMs: 30_000,
  idleMs: 3_600_000,
  sessionMs: null,
  restartsMax: 3,
  checks: { everyMs: 5_000, withinMs: 1_000, failuresMax: 3 },
  callback: { kind: 'none', ready: 'listening' },
  payloadFile: null,
};

const head = {
  ...{ id: 'local.harbour-1', version: 3, revision: 12 },
  lastChange: { event: 'ConfigurationSet', ...by },
};
const configured = { answers: { 200: { ...head, configuration } } };

const why = { reason: 'a release', by: 'ann' };

/** Examples of slots, agents, fleets, builds and operators' changes to them. */
export const inventoryExamples: Examples = {
  slots_list: { answers: { 200: { slots: [slot], next: slot.id } } },
  slots_get: { answers: { 200: slot } },
  slots_events: { answers: { 200: { events: [event], next: event.sequence } } },
  usage_usage: { answers: { 200: { slot: slot.id, usage } } },
  usage_output: {
    answers: {
      200: {
        slot: slot.id,
        text: 'listening on 7777\n',
        from: 0,
        to: 18,
        incarnation: 1_790_000_000_000,
      },
    },
  },
  events_stream: { answers: { 200: event } },
  agents_list: { answers: { 200: { agents: [agent], next: agent.id } } },
  agents_get: { answers: { 200: agent } },
  directions_directSlot: {
    answers: {
      200: { slot: slot.id, outcome: 'done' },
      202: { slot: slot.id, outcome: 'pending' },
    },
  },
  directions_directAgent: {
    answers: {
      200: {
        agent: agent.id,
        slots: [
          { slot: 'local.machine-1.1', outcome: 'pending' },
          { slot: 'local.machine-1.2', outcome: 'done' },
        ],
      },
    },
  },
  machines_list: { answers: { 200: { machines: [machine], next: machine.id } } },
  machines_get: { answers: { 200: machine } },
  machines_set: { answers: { 200: { ...machine, refused: null } } },
  machines_remove: { answers: { 200: { ...machine, policy: null, refused: null } } },
  fleets_list: { answers: { 200: { fleets: [fleet], next: fleet.id } } },
  fleets_get: { answers: { 200: fleet } },
  fleets_size: { answers: { 200: fleet } },
  fleets_unsize: { answers: { 200: { ...fleet, size: null, revision: 8 } } },
  fleets_configure: {
    body: { buildConfiguration: 'harbour-1', atATime: 2, ...why },
    answers: { 200: fleet },
  },
  builds_list: {
    answers: {
      200: {
        builds: [{ ...build, versions: 1, files: 3, bytes: 4_096 }],
        next: build.id,
      },
    },
  },
  builds_get: { answers: { 200: build } },
  buildDifference_show: {
    answers: {
      200: {
        files: [{ path: 'bin/server', before: file, after: { ...file, size: 120_000 } }],
        changed: 1,
      },
    },
  },
  builds_push: {
    body: { manifest, files: 3, bytes: 4_096, ...why },
    answers: { 200: build },
  },
  files_show: { answers: { 200: { digest: manifest, stored: false } } },
  files_store: { answers: { 200: { digest: manifest, stored: true } } },
  builds_remove: { answers: { 200: build } },
  configurations_list: {
    answers: {
      200: {
        buildConfigurations: [
          { ...head, build: configuration.build, executable: configuration.executable },
        ],
        next: head.id,
      },
    },
  },
  configurations_get: configured,
  configurations_set: {
    body: {
      configuration: {
        build: configuration.build,
        executable: configuration.executable,
        arguments: configuration.arguments,
        query: configuration.query,
      },
      ...why,
    },
    ...configured,
  },
  configurations_remove: {
    answers: { 200: { ...head, version: 4, revision: 13, configuration: null } },
  },
};
