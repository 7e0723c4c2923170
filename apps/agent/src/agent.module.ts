import { identify, lockFolder } from '#slot-owner';
import { connectNats, JetStreamEventLog, NatsBus, slotStreamName } from '#jetstream';
import { SystemRandom, SystemClock, type Logger } from '#service-runtime';
import { slotRecordCodec } from '#wire';
import type { DynamicModule } from '@nestjs/common';
import { mkdir } from 'node:fs/promises';
import { Agent } from './agent.js';
import { openBuilds } from './builds/open-builds.js';
import type { AgentConfig } from './config.js';
import { AgentSlots } from './daemon/agent-slots.js';
import { daemonLimits } from './daemon/limits.js';
import { openDaemon } from './daemon/open-daemon.js';
import { ConfiguredCallback } from './game/configured-callback.js';
import { AgentLifecycle } from './lifecycle.js';
import { GameLogs, type LogBounds } from './logs/game-log.js';
import { HostPorts } from './machine/ports.js';
import { DiskSlotFolder } from './machine/slot-folder.js';
import { Observers } from './observers.js';
import { GameRunner } from './process/game-runner.js';
import { gameSettings, slotNames } from './settings.js';
import type { Means } from './slot/means.js';
import type { SlotReconciler } from './slot/slot-reconciler.js';

const clock = new SystemClock();
const random = new SystemRandom();

export class AgentModule {
  /**
   * Takes the data folder, connects and takes over the machine's slots.
   *
   * @param env what games inherit, as far as it is not ours
   */
  static async of(config: AgentConfig, logger: Logger, env: NodeJS.ProcessEnv) {
    const { BERTH_DATA: data, BERTH_REGION: region, BERTH_AGENT: name } = config;
    await mkdir(data, { recursive: true, mode: 0o700 });
    const unlock = await lockFolder(data);
    const identity = identify(data, { region, name }, clock.now(), random);
    const connection = await connectNats({
      servers: config.NATS_URL,
      name: `berth-agent-${identity.agent}`,
      waitOnFirstConnect: true,
    });
    const stream = slotStreamName(region);
    const log = await JetStreamEventLog.open(connection, { stream, codec: slotRecordCodec, clock });
    const bus = new NatsBus(connection);
    const agentSlots = new AgentSlots({ bus, clock, random });
    const daemon = await openDaemon(
      { slots: agentSlots, clock, random, logger, agent: identity.agent, limits: daemonLimits },
      { host: config.BERTH_SDK_HOST, port: config.BERTH_SDK_PORT },
    );
    const settings = {
      game: { ...gameSettings(config, env), sdkUrl: daemon?.url ?? null },
      slots: await slotNames(data, config.BERTH_SLOTS),
      onStop: config.BERTH_ON_STOP,
    };
    const logs = new GameLogs(data, logBoundsOf(config));
    const runner = new GameRunner(data, clock, logs);
    const { slots } = settings;
    const observers = new Observers(identity, { bus, clock, logger, logs, runner, slots });
    const opened = (slot: SlotReconciler) => {
      agentSlots.add(slot);
      observers.watch.add(slot);
    };
    const { catalogue, builds } = await openBuilds(config, connection, { clock, logger });
    const means = {
      ...meansOf(config, logger),
      ...{ bus, opened, processes: runner, catalogue, builds },
    };
    const agent = new Agent(identity, settings, log, means);
    await agent.start();
    catalogue.start();
    observers.start();
    const disconnect = async () => {
      observers.stop();
      catalogue.close();
      await daemon?.close();
      await connection.drain();
    };
    return moduleOf(new AgentLifecycle(agent, disconnect, unlock));
  }
}

function moduleOf(lifecycle: AgentLifecycle): DynamicModule {
  return { module: AgentModule, providers: [{ provide: AgentLifecycle, useValue: lifecycle }] };
}

function meansOf(config: AgentConfig, logger: Logger): Omit<Means, 'bus' | 'processes'> {
  return {
    clock,
    random,
    logger,
    callback: new ConfiguredCallback(clock),
    ports: new HostPorts(config.BERTH_PORTS),
    openFolder: (slot) => DiskSlotFolder.open(config.BERTH_DATA, slot),
  };
}

function logBoundsOf(config: AgentConfig): LogBounds {
  return { bytesMax: config.BERTH_LOG_BYTES_MAX, filesMax: config.BERTH_LOG_FILES_MAX };
}
