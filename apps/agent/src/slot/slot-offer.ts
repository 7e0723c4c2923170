import type { Offer } from '#slot';
import { addressOf } from '#wire';
import type { SlotPorts } from '../machine/slot-folder.js';
import type { GameSettings } from './game-settings.js';

/** The callback's port is not offered: it is nobody's business but the agent's and the game's. */
export function offerOf(settings: GameSettings, { game, query }: SlotPorts): Offer {
  const { fleet, buildConfiguration, attributes, requiredAttributes, priority } = settings;
  const { ip, limits, runsAny = false } = settings;
  return {
    fleet,
    buildConfiguration,
    attributes,
    requiredAttributes,
    priority,
    address: addressOf(ip, game),
    ip,
    ports: { game, query },
    limits,
    runsAny,
  };
}
