import { Clock, type Bus } from '#kernel';
import type { Type } from '@nestjs/common';
import type { Allocations } from '../../api/allocations/allocations.js';
import type { Catalogue } from '../../api/builds/catalogue.js';
import type { GatewayParts } from '../../parts.js';
import type { Requests } from '../../api/requests/requests.js';
import type { Regions } from '../../api/slots/regions.js';
import type { SlotView } from '../../api/slots/slot-view.js';
import { MultiplayAllocationsController, MultiplayStatus } from './allocations.controller.js';
import { MultiplayBuildConfigurationsController } from './build-configurations.controller.js';
import { MultiplayBuildsController } from './builds.controller.js';
import { Directory } from './directory.js';
import { MultiplayFleetsController } from './fleets.controller.js';
import { MultiplayIds } from './ids.js';
import { Lookup } from './lookup.js';
import { Matchmaking } from './matchmaking.js';
import { MultiplayServersController } from './servers.controller.js';
import { MultiplayTestAllocationsController } from './trial-allocations.controller.js';
import { MultiplayTokenController } from './token.controller.js';

export const multiplayControllers: readonly Type[] = [
  MultiplayTokenController,
  MultiplayAllocationsController,
  MultiplayTestAllocationsController,
  MultiplayFleetsController,
  MultiplayBuildConfigurationsController,
  MultiplayBuildsController,
  MultiplayServersController,
];

/** What the rest of the gateway lends. */
interface Lent {
  readonly bus: Bus;
  readonly view: SlotView;
  readonly regions: Regions;
  readonly requests: Requests;
  readonly allocations: Allocations;
  readonly catalogue: Catalogue;
}

type Provided = [token: abstract new (...words: never[]) => unknown, unknown];

/** What the controllers of Multiplay's face are given. */
export function multiplayParts(parts: GatewayParts, lent: Lent): readonly Provided[] {
  const { config, clock } = parts;
  const { view, regions, catalogue } = lent;
  const ids = new MultiplayIds(config.MULTIPLAY_IDS);
  const directory = new Directory(ids, view, regions, catalogue, config.MULTIPLAY_REGION);
  const shared = { ...lent, clock, directory };
  const lookup = new Lookup(shared);
  return [
    [Clock, clock],
    [Directory, directory],
    [Lookup, lookup],
    [Matchmaking, new Matchmaking({ ...shared, config, lookup })],
    [MultiplayStatus, new MultiplayStatus(config.MULTIPLAY_CREATED_STATUS)],
  ];
}
