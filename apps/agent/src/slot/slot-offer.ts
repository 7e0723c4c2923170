import type { Offer } from '#slot';
import { addressOf } from '#wire';
import { portsByName } from '../machine/extra-ports.js';
import type { SlotPorts } from '../machine/slot-folder.js';
import type { GameSettings } from './game-settings.js';

/** The callback's port is not offered: it is nobody's business but the agent's and the game's. */
export function offerOf(settings: GameSettings, ports: SlotPorts): Offer {
  const { game, query } = ports;
  const { fleet, buildConfiguration, attributes, requiredAttributes, priority } = settings;
  const { ip, addresses, limits, runsAny = false } = settings;
  return {
    fleet,
    buildConfiguration,
    attributes,
    requiredAttributes,
    priority,
    address: addressOf(ip, game),
    ip,
    ports: { game, query, ...portsByName(ports) },
    limits,
    runsAny,
    ...(addresses && { addresses }),
  };
}
