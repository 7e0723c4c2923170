import { Clock } from '#kernel';
import { formerId, slotIds } from '#multiplay';
import type { Operation } from '#wire';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { SlotOperations } from '../../api/operations/slot-operations.js';
import { Problem } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { VendorBody } from '../vendor-body.js';
import { Regions } from '../../api/slots/regions.js';
import { SlotView, type SlotEntry } from '../../api/slots/slot-view.js';
import { Directory } from './directory.js';
import { SERVERS } from './paths.js';
import { multiplayServer, serverObject } from './server-object.js';

const serversQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  fleetId: z.string().max(128).optional(),
});

const action = z
  .object({ action: z.enum(['ADD', 'DELETE', 'RESTART', 'SHUTDOWN', 'START', 'STOP']) })
  .meta({ id: 'MultiplayServerAction' });

/**
 * The direction that Berth gives for each action. None of them stops a session, which ends first.
 */
const DIRECTIONS: Readonly<Record<string, Operation>> = {
  STOP: 'drain',
  SHUTDOWN: 'drain',
  START: 'withdraw-drain',
  DELETE: 'retire',
};

/** Servers as Multiplay's tools read them: Berth's slots. */
@Controller([...SERVERS])
export class MultiplayServersController {
  constructor(
    private readonly view: SlotView,
    private readonly regions: Regions,
    private readonly directory: Directory,
    private readonly operations: SlotOperations,
    private readonly clock: Clock,
  ) {}

  @Describes({
    summary: 'Lists the servers (Multiplay)',
    answers: { 200: z.array(multiplayServer) },
    refusals: ['unknown-fleet'],
    reads: true,
  })
  @Requires('observe')
  @Get('servers')
  list(@Query(new SchemaPipe(serversQuery)) query: z.output<typeof serversQuery>) {
    const { fleetId, limit, offset } = query;
    this.regions.requireAll();
    const fleet = fleetId === undefined ? undefined : this.directory.fleet(fleetId);
    const found = [];
    for (const entry of this.view.inOrder({ fleet })) {
      const server = this.shown(entry);
      if (server !== undefined) found.push(server);
      if (found.length === offset + limit) break;
    }
    return found.slice(offset);
  }

  @Describes({
    summary: 'Shows a server (Multiplay)',
    answers: { 200: multiplayServer },
    refusals: ['unknown-slot'],
    reads: true,
  })
  @Requires('observe')
  @Get('servers/:serverId')
  get(@Param('serverId') id: string) {
    const server = this.shown(this.entry(id));
    if (server === undefined) throw unknown(id);
    return server;
  }

  @Describes({
    summary: 'Takes a server out of service, or puts it back (Multiplay)',
    detail:
      'STOP and SHUTDOWN drain its slot, START withdraws the drain, DELETE retires the slot; each waits ' +
      'for the end of a session. Actions that Berth does not have are answered with 424.',
    answers: { 200: z.object({ success: z.boolean() }) },
    refusals: ['unknown-slot', 'not-supported', 'refused'],
    reads: true,
    asks: true,
  })
  @Requires('operate')
  @Post('servers/:serverId/actions')
  @HttpCode(200)
  async act(
    @Param('serverId') id: string,
    @Body(new VendorBody(action)) { action: name }: z.output<typeof action>,
  ) {
    const { ref } = this.entry(id);
    const direction = DIRECTIONS[name];
    if (direction === undefined) {
      const detail = `${name}: agents start servers by themselves; use STOP, START or DELETE`;
      throw new Problem(424, 'not-supported', detail);
    }
    const reason = `${name} through Multiplay's face`;
    const asked = { ...ref, direction, reason, force: false };
    const [slot] = await this.operations.direct(asked);
    if (slot?.outcome !== 'refused') return { success: true };
    throw new Problem(409, 'refused', slot.message ?? 'the slot refuses');
  }

  private shown(entry: SlotEntry) {
    return serverObject(entry, this.clock.now(), this.directory.ids);
  }

  private entry(id: string): SlotEntry {
    this.regions.requireAll();
    const all = [...this.view.inOrder({})];
    const [found, ...others] = all.filter((entry) => idOf(entry) === id);
    if (others.length > 0) {
      const names = [found, ...others].map((entry) => entry?.name).join(' and ');
      throw new Problem(400, 'invalid', `${names} have the same id; use the name`);
    }
    const entry = found ?? all.find(({ name }) => name === id || formerId(name) === id);
    if (entry === undefined) throw unknown(id);
    return entry;
  }
}

function idOf({ name, ref, state }: SlotEntry): string {
  return String(slotIds(name, ref.agent, state.context.numbers).server);
}

function unknown(id: string): Problem {
  return new Problem(404, 'unknown-slot', `no server has the id ${id}`);
}
