import type { SlotState } from '#slot';
import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { Fleets } from '../../api/fleets/fleets.js';
import { Problem } from '../../http/problems.js';
import { Regions } from '../../api/slots/regions.js';
import { SlotView } from '../../api/slots/slot-view.js';
import { Directory } from './directory.js';
import { fleetObject, multiplayFleet, type RegionalFleet } from './fleet-object.js';
import { FLEETS } from './paths.js';

/** Fleets as Multiplay's tools read them. */
@Controller([...FLEETS])
export class MultiplayFleetsController {
  constructor(
    private readonly fleets: Fleets,
    private readonly regions: Regions,
    private readonly view: SlotView,
    private readonly directory: Directory,
  ) {}

  @Describes({
    summary: 'Lists the fleets (Multiplay)',
    answers: { 200: z.array(multiplayFleet) },
    reads: true,
    asks: true,
  })
  @Requires('observe')
  @Get('fleets')
  async list() {
    const fleets = await this.all();
    return [...fleets].map(([name, regional]) => fleetObject(name, regional, this.directory.ids));
  }

  @Describes({
    summary: 'Shows a fleet (Multiplay)',
    answers: { 200: multiplayFleet },
    refusals: ['unknown-fleet'],
    reads: true,
    asks: true,
  })
  @Requires('observe')
  @Get('fleets/:fleetId')
  async get(@Param('fleetId') fleetId: string) {
    const { ids } = this.directory;
    const found = [...(await this.all())].find(([name]) => ids.isFleet(fleetId, name));
    if (found === undefined)
      throw new Problem(404, 'unknown-fleet', `no fleet has the id ${fleetId}`);
    return fleetObject(...found, ids);
  }

  /** Fleets by name: those that have a size, and those that have slots. */
  private async all(): Promise<ReadonlyMap<string, readonly RegionalFleet[]>> {
    this.regions.requireAll();
    const fleets = new Map<string, RegionalFleet[]>();
    const byRegion = await Promise.all(this.regions.names.map((region) => this.inRegion(region)));
    for (const [name, regional] of byRegion.flat()) {
      fleets.set(name, [...(fleets.get(name) ?? []), regional]);
    }
    return fleets;
  }

  private async inRegion(region: string): Promise<readonly (readonly [string, RegionalFleet])[]> {
    const views = new Map(
      (await this.fleets.list({ region })).map((view) => [view.id.slice(region.length + 1), view]),
    );
    const slots = new Map<string, SlotState[]>();
    for (const { state } of this.view.inOrder({ region })) {
      const fleet = state.context.offer?.fleet;
      if (fleet === undefined) continue;
      const states = slots.get(fleet);
      if (states === undefined) slots.set(fleet, [state]);
      else states.push(state);
    }
    const names = new Set([...views.keys(), ...slots.keys()]);
    return [...names].sort().map((name) => {
      return [name, { region, view: views.get(name), slots: slots.get(name) ?? [] }] as const;
    });
  }
}
