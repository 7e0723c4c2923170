import { identify, lockFolder } from '#slot-owner';
import { connectNats, JetStreamEventLog, NatsBus, slotStreamName } from '#jetstream';
import { OutboundGuard, resolveBy, systemResolve } from '#callback-http';
import { SystemRandom, SystemClock, type Logger } from '#service-runtime';
import { slotRecordCodec } from '#wire';
import type { DynamicModule } from '@nestjs/common';
import { mkdir } from 'node:fs/promises';
import { requireToBeAlone } from './alone.js';
import { Callbacks } from './callbacks.js';
import type { RegistrarConfig } from './config.js';
import { Desk } from './desk.js';
import { RegistrarLifecycle } from './lifecycle.js';
import { Registrar } from './registrar.js';
import { RegistryFolder } from './registry-folder.js';
import { Retirements } from './retirements.js';
import { outboundRules, registrySettings } from './settings.js';

const clock = new SystemClock();

export class RegistrarModule {
  /** Takes the data folder, connects and takes over the servers that were registered. */
  static async of(config: RegistrarConfig, logger: Logger): Promise<DynamicModule> {
    const { BERTH_DATA: data, BERTH_REGION: region, BERTH_AGENT: name } = config;
    await mkdir(data, { recursive: true, mode: 0o700 });
    const unlock = await lockFolder(data);
    const identity = identify(data, { region, name }, clock.now(), new SystemRandom());
    const connection = await connectNats({
      servers: config.NATS_URL,
      name: `berth-registrar-${identity.agent}`,
      waitOnFirstConnect: true,
    });
    const stream = slotStreamName(region);
    const log = await JetStreamEventLog.open(connection, { stream, codec: slotRecordCodec, clock });
    const bus = new NatsBus(connection);
    await requireToBeAlone(region, bus);
    const dns = config.BERTH_CALLBACK_DNS;
    const resolve = dns.length > 0 ? resolveBy(dns) : systemResolve;
    const guard = new OutboundGuard(outboundRules(config), clock, resolve);
    const envelope = config.BERTH_CALLBACK_ENVELOPE;
    const registrar = new Registrar(identity, log, {
      ...{ bus, clock, logger },
      settings: registrySettings(config),
      folder: new RegistryFolder(data),
      callbacks: new Callbacks({ envelope }, guard, clock, logger),
      retirements: new Retirements(identity, bus, clock, logger),
    });
    registrar.start();
    const desk = new Desk(region, registrar, bus, logger);
    desk.start();
    const lifecycle = new RegistrarLifecycle([
      () => desk.close(),
      () => registrar.close(),
      () => connection.drain(),
      unlock,
    ]);
    return {
      module: RegistrarModule,
      providers: [{ provide: RegistrarLifecycle, useValue: lifecycle }],
    };
  }
}
