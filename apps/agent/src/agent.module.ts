import { connectNats, JetStreamEventLog, NatsBus, slotStreamName } from '#jetstream';
import { SystemChance, SystemClock, type Logger } from '#service';
import { slotFactCodec } from '#wire';
import type { DynamicModule } from '@nestjs/common';
import { mkdir } from 'node:fs/promises';
import { Agent } from './agent.js';
import type { AgentConfig } from './config.js';
import { NoCallback, type Callback } from './game/callback.js';
import { HttpCallback } from './game/http-callback.js';
import { AgentLifecycle } from './lifecycle.js';
import { identify } from './machine/identity.js';
import { lockFolder } from './machine/lock.js';
import { HostPorts } from './machine/ports.js';
import { DiskSlotFolder } from './machine/slot-folder.js';
import { GameRunner } from './process/game-runner.js';
import { gameSettings, slotNames } from './settings.js';
import type { Means } from './slot/means.js';

const clock = new SystemClock();
const chance = new SystemChance();

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
    const identity = identify(data, { region, name }, clock.now(), chance);
    const connection = await connectNats({
      servers: config.NATS_URL,
      name: `berth-agent-${identity.agent}`,
      waitOnFirstConnect: true,
    });
    const stream = slotStreamName(region);
    const log = await JetStreamEventLog.open(connection, { stream, codec: slotFactCodec, clock });
    const settings = {
      game: gameSettings(config, env),
      slots: await slotNames(data, config.BERTH_SLOTS),
      onStop: config.BERTH_ON_STOP,
    };
    const means = { ...meansOf(config, logger), bus: new NatsBus(connection) };
    const agent = new Agent(identity, settings, log, means);
    await agent.start();
    return moduleOf(new AgentLifecycle(agent, () => connection.drain(), unlock));
  }
}

function moduleOf(lifecycle: AgentLifecycle): DynamicModule {
  return { module: AgentModule, providers: [{ provide: AgentLifecycle, useValue: lifecycle }] };
}

function meansOf(config: AgentConfig, logger: Logger): Omit<Means, 'bus'> {
  return {
    clock,
    chance,
    logger,
    processes: new GameRunner(config.BERTH_DATA, clock),
    callback: callbackOf(config),
    ports: new HostPorts(config.BERTH_PORTS),
    openFolder: (slot) => DiskSlotFolder.open(config.BERTH_DATA, slot),
  };
}

function callbackOf(config: AgentConfig): Callback {
  if (config.BERTH_CALLBACK === 'none') return new NoCallback();
  const { BERTH_CALLBACK_PATH: path, BERTH_CALLBACK_ENVELOPE: envelope } = config;
  return new HttpCallback({ path, envelope }, clock);
}
