import type { LogItem } from '#kernel';
import { MemoryBus, MemoryEventLog, MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import { createLogger } from '#service-runtime';
import {
  buildRecordCodec,
  configurationRecordCodec,
  fleetRecordCodec,
  machineRecordCodec,
  slotSubject,
  type SlotRecord,
} from '#wire';
import { AgentProcess } from './agent-process.js';
import { AllocatorProcess } from './allocator-process.js';
import { Epilogue } from './epilogue.js';
import { CountedFaults } from './faults.js';
import { GatewayProcess } from './gateway-process.js';
import { GamePlans } from './games/plans.js';
import type { Breakage } from './breakage.js';
import { noCounts, type Counts } from './counts.js';
import { Judge } from './judge.js';
import type { Violation } from './judging/violation.js';
import { LogServer } from './log-server.js';
import { Matchmaker } from './matchmaker.js';
import { Network } from './network.js';
import { Operator } from './operator.js';
import {
  allocatorName,
  CALM_AT_MS,
  EPILOGUE_MS,
  GATEWAY,
  HEALED_AT_MS,
  machineName,
  REGION,
  REST_BY_MS,
  type Act,
  type Schedule,
} from './schedule.js';
import type { SimulatedProcess } from './simulated-process.js';
import { Sizer } from './sizer.js';
import { BEGINNING, Timeline } from './timeline.js';
import { Trace } from './trace.js';
import { Web } from './web.js';
import type { World } from './world.js';

export interface Result {
  readonly violation: Violation | undefined;
  readonly counts: Counts;
  readonly trace: Trace;
  /** The log as it is at the end, in order. */
  readonly log: readonly LogItem<SlotRecord>[];
  /** How often it went back to an earlier end. */
  readonly epoch: number;
}

/** By then an allocator knows that nothing is stored, though nobody asks it for anything (ms). */
const TOLD_MS = 8_000;

/** How often it is checked whether all is at rest (ms). */
const LOOK_MS = 1_000;

const logger = createLogger('simulation', 'silent');

/** One run of the whole system, in simulated time. Equal schedules give equal runs. */
export async function simulate(schedule: Schedule, breakage: Breakage = {}): Promise<Result> {
  const world = worldOf(schedule, breakage);
  const { timeline, judge, counts, trace } = world;
  const isOver = () => judge.violation !== undefined;
  const processes = processesOf(world);
  judge.isServed = ({ slot: name, token }, since) => {
    const [, machine = '', slot = ''] = name.split('.');
    const agent = processes.get(machine);
    return agent instanceof AgentProcess && agent.serves(slot, token, since);
  };
  schedule.acts.forEach((act, index) => plan(world, processes, act, index));
  for (const process of processes.values()) process.start();
  await timeline.run(BEGINNING + HEALED_AT_MS, isOver);
  let isAtRest = false;
  timeline.every(LOOK_MS, () => (isAtRest = judge.unrest() === undefined));
  await timeline.run(BEGINNING + REST_BY_MS, () => isOver() || isAtRest);
  if (!isOver()) {
    judge.atRest();
    await timeline.run(Math.max(timeline.now(), judge.allOfferedAt) + LOOK_MS, isOver);
    const epilogue = new Epilogue(world, schedule.acts.length);
    epilogue.begin();
    await timeline.run(timeline.now() + EPILOGUE_MS, () => isOver() || epilogue.isDone);
    epilogue.end();
  }
  const { items: log, epoch } = world.server;
  return { violation: judge.violation, counts, trace, log, epoch };
}

function worldOf(schedule: Schedule, breakage: Breakage): World {
  const timeline = new Timeline();
  const trace = new Trace(timeline);
  const counts = noCounts();
  const isCalm = () => timeline.now() >= BEGINNING + CALM_AT_MS;
  const faults = new CountedFaults(schedule.acts, isCalm);
  const judge = new Judge(schedule, timeline);
  const fleets = new MemoryEventLog(fleetRecordCodec, { clock: timeline });
  void fleets.follow(0, {
    receive: (item) => {
      if (item.kind === 'recorded') judge.maxima.sized(item.sequence, item.record);
    },
  });
  const base = {
    ...{ schedule, breakage, timeline, faults, trace, counts, judge, logger },
    plans: new GamePlans(),
    web: new Web(schedule.seed, timeline),
    fleets,
    machines: new MemoryEventLog(machineRecordCodec, { clock: timeline }),
    configurations: new MemoryEventLog(configurationRecordCodec, { clock: timeline }),
    builds: new MemoryEventLog(buildRecordCodec, { clock: timeline }),
    queue: new MemoryRequestQueue(timeline),
    outcomes: new MemoryOutcomeStore(),
    hub: new MemoryBus(timeline),
    network: new Network(schedule.seed, timeline, faults, trace, counts),
  };
  return { ...base, server: new LogServer(base) };
}

function processesOf(world: World): ReadonlyMap<string, SimulatedProcess> {
  const { allocators, machines } = world.schedule.setting;
  const indexes = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const all = [
    ...indexes(allocators).map((index) => new AllocatorProcess(allocatorName(index), world)),
    new GatewayProcess(GATEWAY, world),
    ...indexes(machines).map((index) => new AgentProcess(machineName(index), world, index)),
  ];
  return new Map(all.map((process) => [process.name, process]));
}

/** Faults that strike by count have no fixed time, so they are not planned here. */
function plan(
  world: World,
  processes: ReadonlyMap<string, SimulatedProcess>,
  act: Act,
  index: number,
): void {
  if (!('at' in act)) return;
  world.timeline.after(act.at, () => {
    switch (act.kind) {
      case 'ask':
        return void new Matchmaker(world, act, index).ask();
      case 'direct':
        return void new Operator(world, act, index).work(act);
      case 'size':
        return void new Sizer(world, act, index).work();
      case 'kill':
        return processes.get(act.who)?.kill(act.downMs);
      case 'freeze':
        return processes.get(act.who)?.freeze(act.forMs);
      case 'stall':
        world.trace.note(act.who, `follows nothing for ${act.forMs} ms`);
        return world.network.stall(act.who, act.forMs, act.isHeard);
      case 'logAway':
        world.trace.note('log', `is away for ${act.forMs} ms`);
        return world.server.goAway(act.forMs);
      case 'logBack':
        world.counts.returns += 1;
        world.trace.note('log', `goes back by ${act.byMs} ms, and is away for ${act.awayMs}`);
        return world.server.goBack(act.byMs, act.awayMs);
      case 'logFull':
        return fill(world, processes, act.forMs);
      case 'unreadable':
        return spoil(world, act, index);
      case 'gameCrash': {
        const process = processes.get(machineName(act.machine));
        return process instanceof AgentProcess ? process.crashGame(act.slot) : undefined;
      }
      default:
        return act satisfies never;
    }
  });
}

/** The log has no room for a while; who cannot serve for that must know it by the end of it. */
function fill(
  { counts, trace, server, timeline }: World,
  processes: ReadonlyMap<string, SimulatedProcess>,
  forMs: number,
): void {
  const since = timeline.now();
  counts.full += 1;
  trace.note('log', `has no room for ${forMs} ms`);
  server.fill(forMs);
  if (forMs < TOLD_MS) return;
  timeline.after(forMs - 1, () => {
    for (const process of processes.values()) {
      if (process instanceof AllocatorProcess) process.knowsThatItIsFull(since);
    }
  });
}

/** Somebody writes what nobody can read on a slot's subject, and an operator repairs the slot. */
function spoil(
  world: World,
  { machine, slot, forMs }: Extract<Act, { kind: 'unreadable' }>,
  index: number,
): void {
  const subject = slotSubject({ region: REGION, agent: machineName(machine), slot });
  world.counts.unreadable += 1;
  world.trace.note('log', `has on ${subject} what nobody can read`);
  world.server.spoil(subject);
  const operator = new Operator(world, { machine, slot }, index);
  world.timeline.after(forMs, () => void operator.repair());
}
