import { TransientError, type Clock } from '#kernel';
import { openMetricsServer } from '#metrics';
import { openOwner, OwnerReadiness } from '#slot-owner';
import {
  connectService,
  createLogger,
  isOrphaned,
  SystemClock,
  SystemRandom,
  type Logger,
} from '#service-runtime';
import { traceService } from '#trace-export';
import { Agent, type AgentDeps } from './agent.js';
import { gameSettings, slotNames } from './agent-settings.js';
import { openBuilds } from './builds/open-builds.js';
import { readAgentConfig, type AgentConfig } from './config.js';
import { AgentSlots } from './daemon/agent-slots.js';
import { GameCallers } from './daemon/callers.js';
import { daemonLimits } from './daemon/limits.js';
import { openDaemon } from './daemon/open-daemon.js';
import { ConfiguredCallback } from './game/configured-callback.js';
import { GameLogs, type LogBounds } from './logs/game-log.js';
import { GameUsers, letThrough } from './machine/game-users.js';
import { HostPorts } from './machine/ports.js';
import { DiskSlotFolder } from './machine/slot-folder.js';
import { agentMetrics } from './metrics/agent-metrics.js';
import { Observers } from './observers.js';
import { GameRunner } from './process/game-runner.js';
import { openLimits } from './process/open-limits.js';
import type { SlotReconciler } from './slot/slot-reconciler.js';
import { UnloggedSessions } from './slot/unlogged-sessions.js';
import { DiskMeter } from './usage/disk-meter.js';

/**
 * Starts an agent in this process, for `runService`: locks the data folder, connects, and takes
 * over the machine's slots. Throws `ConfigInvalid` with everything that is wrong.
 *
 * @param env holds the settings, and the variables that games may inherit
 */
export async function startAgent(env: NodeJS.ProcessEnv) {
  const config = readAgentConfig(env);
  const logger = createLogger('agent', config.LOG_LEVEL);
  const tracing = await traceService('agent', config, logger);
  return { app: await openAgent(config, logger, env), logger, tracing };
}

async function openAgent(config: AgentConfig, logger: Logger, env: NodeJS.ProcessEnv) {
  const world = { clock: new SystemClock(), random: new SystemRandom(), logger };
  const { clock } = world;
  const data = config.BERTH_DATA;
  const owner = await openOwner(ownerSettings(config, world), clock, world.random);
  const { identity, bus, eventLog } = owner;
  const agentSlots = new AgentSlots({ bus, ...world });
  const slots = await slotNames(data, config.BERTH_SLOTS);
  const logs = new GameLogs(data, logBounds(config));
  const users = usersOf(config);
  const limits = await openLimits(config, world);
  const runner = new GameRunner(data, clock, logs, {
    ...{ checkListeners: config.BERTH_CHECK_LISTENERS, users },
    cgroups: limits.cgroups,
  });
  const callers =
    config.BERTH_SDK_CALLERS === 'any' ? {} : { callers: new GameCallers(() => runner.families()) };
  const daemon = await openDaemon(
    { slots: agentSlots, ...world, agent: identity.agent, limits: daemonLimits, ...callers },
    { host: config.BERTH_SDK_HOST, port: config.BERTH_SDK_PORT },
  );
  const observers = new Observers(identity, { bus, clock, logger, logs, runner, slots });
  const { catalogue, builds } = await openBuilds(config, owner.connection, {
    clock,
    logger,
    users,
  });
  const disk = new DiskMeter(data, clock);
  const { metrics, watch, watchStarts, watchEndpoints } = agentMetrics();
  const reconcilers: SlotReconciler[] = [];
  const opened = (slot: SlotReconciler) => {
    reconcilers.push(slot);
    watchStarts(slot);
    agentSlots.add(slot);
    observers.watch.add(slot);
  };
  const game = {
    ...gameSettings(config, env, limits.unlimitedBecause),
    sdkUrl: daemon?.url ?? null,
  };
  const deps: AgentDeps = {
    ...world,
    ...{ bus, eventLog, processes: runner, catalogue, builds, opened },
    callback: new ConfiguredCallback(clock),
    ports: new HostPorts(config.BERTH_PORTS, config.BERTH_EXTRA_PORTS),
    openFolder: (slot) => DiskSlotFolder.open(data, slot, users?.of(slot) ?? null),
    disk: () => disk.measured,
    loginLeftMs: owner.loginLeftMs,
  };
  const agent = new Agent(identity, { game, slots, onStop: config.BERTH_ON_STOP }, deps);
  const readiness = new OwnerReadiness({
    ...{ data, clock, eventLog, awayBecause: owner.awayBecause },
    ownReason: () => agent.unreadyBecause(),
  });
  watch(runner, reconcilers);
  watchEndpoints(observers.server);
  const metricsServer = await openMetricsServer(metrics, {
    ...{ host: config.BERTH_METRICS_HOST, port: config.BERTH_METRICS_PORT, logger },
    health: () => readiness.reasons(),
  });
  disk.start();
  await agent.start();
  new UnloggedSessions(identity, eventLog, reconcilers).serve(observers.server);
  catalogue.start();
  observers.start();
  const close = async () => {
    // If the process that started the agent was killed, nobody asked for the end of the sessions.
    await agent.close(isOrphaned() ? 'keep' : undefined);
    await metricsServer?.close();
    disk.stop();
    observers.stop();
    catalogue.close();
    await daemon?.close();
    await owner.close();
  };
  return { close };
}

/** Throws `TransientError` if games cannot run as users of their own although they are to. */
function usersOf({ BERTH_GAME_USERS: range, BERTH_DATA: data }: AgentConfig): GameUsers | null {
  if (range === undefined) return null;
  if (process.geteuid?.() !== 0 || process.platform !== 'linux') {
    throw new TransientError('BERTH_GAME_USERS needs Linux, and an agent that runs as root');
  }
  // The folders of builds are made for others to look into, whatever the agent was started with.
  process.umask(0o022);
  letThrough(data);
  return new GameUsers(range);
}

function ownerSettings(config: AgentConfig, world: { clock: Clock; logger: Logger }) {
  const { BERTH_DATA: data, BERTH_REGION: region, BERTH_AGENT: name } = config;
  const { BERTH_MACHINE: machine } = config;
  const connect = (agent: string) => connectService(config, `berth-agent-${agent}`, world);
  return { data, region, name, machine, connect };
}

function logBounds(config: AgentConfig): LogBounds {
  return { bytesMax: config.BERTH_LOG_BYTES_MAX, filesMax: config.BERTH_LOG_FILES_MAX };
}
