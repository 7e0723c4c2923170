import type { Bus } from '#kernel';
import { EndpointServer } from '#rpc';
import { decodeJson, encodeJson, reportMessage } from '#wire';
import { Agent, type AgentSettings } from '../../../apps/agent/src/agent.js';
import type { SlotReconciler } from '../../../apps/agent/src/slot/slot-reconciler.js';
import { UnloggedSessions } from '../../../apps/agent/src/slot/unlogged-sessions.js';
import { SimulatedCallback } from './games/callback.js';
import { GameMachine } from './games/machine.js';
import { SimulatedProcesses } from './games/processes.js';
import type { Breakage } from './breakage.js';
import type { Life } from './life.js';
import { MemoryFolder, MemoryPorts } from './machine-means.js';
import { FLEET, mapOf, REGION, type Setting } from './schedule.js';
import { SimulatedProcess } from './simulated-process.js';
import type { World } from './world.js';

/** The real agent, with games and files that outlive it and cost nothing. */
export class AgentProcess extends SimulatedProcess {
  private readonly machine: GameMachine;
  private incarnation = 0;
  private readonly disk = new Map<string, unknown>();

  constructor(
    name: string,
    world: World,
    /** From 1; gives each machine different ports. */
    private readonly index: number,
  ) {
    super(name, world);
    this.machine = new GameMachine(world, name);
  }

  /** Whether this game of the slot runs, and the agent has been at work since (epoch ms). */
  serves(slot: string, token: string, since: number): boolean {
    const game = this.machine.lastOf(slot);
    return game?.token === token && game.exit === null && this.isSteadySince(since);
  }

  crashGame(slot: string): void {
    this.machine.lastOf(slot)?.crash();
  }

  protected async boot(life: Life): Promise<void> {
    const { clock, log, bus, random } = this.portsOf(life);
    const { logger, breakage, schedule } = this.world;
    this.incarnation = Math.max(clock.now(), this.incarnation + 1);
    const identity = { region: REGION, agent: this.name, incarnation: this.incarnation };
    const slots: SlotReconciler[] = [];
    const agent = new Agent(identity, agentSettings(schedule.setting, this.index), {
      eventLog: log,
      clock,
      random,
      bus: weakened(bus, breakage),
      logger,
      processes: new SimulatedProcesses(this.machine, life),
      callback: new SimulatedCallback(this.machine, life, clock),
      ports: new MemoryPorts(life, this.index),
      opened: (slot) => {
        slots.push(slot);
        if (breakage.withoutKeeping) forgetful(slot);
      },
      openFolder: async (slot) => new MemoryFolder(this.disk, slot, life),
    });
    await agent.start();
    const server = new EndpointServer(bus, { clock, logger });
    if (breakage.withoutRestoration || this.isOfLastRelease) return;
    new UnloggedSessions(identity, log, slots).serve(server);
  }
}

function agentSettings(
  { slotsPerMachine, limits, keepWarm }: Setting,
  machine: number,
): AgentSettings {
  return {
    slots: Array.from({ length: slotsPerMachine }, (_, index) => String(index + 1)),
    onStop: 'keep',
    game: {
      fleet: FLEET,
      buildConfiguration: 'harbour-1',
      command: ['game'],
      environment: {},
      attributes: { map: mapOf(machine) },
      requiredAttributes: [],
      priority: 0,
      ip: '192.0.2.1',
      limits,
      allowed: { own: 'game', executables: [], folders: [], mode: 0o660, unlimitedBecause: null },
      keepWarm,
      stopGraceMs: 2_000,
    },
  };
}

/** A bus over which reports say less. */
function weakened(bus: Bus, breakage: Breakage): Bus {
  const { withoutClearing, withoutRestoration, withoutWholeReports } = breakage;
  if (!withoutClearing && !withoutRestoration && !withoutWholeReports) return bus;
  const publish = (subject: string, body: Uint8Array) => {
    if (!subject.startsWith('report.')) return bus.publish(subject, body);
    const { seen, report } = decodeJson(reportMessage, body);
    const { unlogged, offer, ...rest } = report;
    const weaker = {
      ...rest,
      ...(offer && !(withoutWholeReports && seen > 0) && { offer }),
      ...(unlogged && !withoutRestoration && { unlogged }),
      ...(withoutClearing && { clearedFence: 0 }),
    };
    bus.publish(subject, encodeJson({ seen, report: weaker }));
  };
  return Object.create(bus, { publish: { value: publish } }) as Bus;
}

/** Gives up at once what the log does not tell of. */
function forgetful(slot: SlotReconciler): void {
  Object.defineProperty(slot['unlogged'], 'until', { get: () => 0, set: () => undefined });
}
