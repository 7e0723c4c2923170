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

const clock = new SystemClock();
const chance = new SystemChance();

export class AgentModule {
  /** Takes the data folder, connects and takes over the machine's slots. */
  static async of(config: AgentConfig, logger: Logger): Promise<DynamicModule> {
    const { BERTH_DATA: data, BERTH_REGION: region, BERTH_AGENT: name } = config;
    await mkdir(data, { recursive: true, mode: 0o700 });
    const unlock = await lockFolder(data);
    const identity = await identify(data, { region, name }, clock.now(), chance);
    const connection = await connectNats({
      servers: config.NATS_URL,
      name: `berth-agent-${identity.agent}`,
      waitOnFirstConnect: true,
    });
    const log = await JetStreamEventLog.open(connection, {
      stream: slotStreamName(region),
      codec: slotFactCodec,
      clock,
    });
    const agent = new Agent(
      identity,
      {
        game: gameSettings(config, process.env),
        slots: await slotNames(data, config.BERTH_SLOTS),
        onStop: config.BERTH_ON_STOP,
      },
      log,
      {
        clock,
        chance,
        logger,
        bus: new NatsBus(connection),
        processes: new GameRunner(data, clock),
        callback: callbackOf(config),
        ports: new HostPorts(config.BERTH_PORTS),
        openFolder: (slot) => DiskSlotFolder.open(data, slot),
      },
    );
    await agent.start();
    const lifecycle = new AgentLifecycle(agent, () => connection.drain(), unlock);
    return {
      module: AgentModule,
      providers: [{ provide: AgentLifecycle, useValue: lifecycle }],
    };
  }
}

function callbackOf(config: AgentConfig): Callback {
  if (config.BERTH_CALLBACK === 'none') return new NoCallback();
  const { BERTH_CALLBACK_PATH: path, BERTH_CALLBACK_ENVELOPE: envelope } = config;
  return new HttpCallback({ path, envelope }, clock);
}
