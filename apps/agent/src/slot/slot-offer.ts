import type { Offer } from '#slot';
import { addressOf } from '#wire';
import { portsByName } from '../machine/extra-ports.js';
import type { SlotPorts } from '../machine/slot-folder.js';
import type { GameSettings } from './game-settings.js';

/** What the slot offers. The callback's port is left out: only the agent and the game use it. */
export function offerOf(settings: GameSettings, ports: SlotPorts): Offer {
  const { game, query } = ports;
  const { fleet, buildConfiguration, attributes, requiredAttributes, priority } = settings;
  const { ip, addresses, limits, projects, runsAny = false } = settings;
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
    ...(projects && { projects }),
  };
}
