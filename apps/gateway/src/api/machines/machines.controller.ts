import { machineAnswer, machinesAnswer } from '#http-api';
import { TOKEN, agentNamed, policyBody, removePolicyQuery, type PolicyBody } from '#wire';
import { Body, Controller, Delete, Get, Headers, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Problem } from '../../http/problems.js';
import { revisionIn, tagged } from '../../http/revision.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Describes } from '../../openapi/describes.js';
import { pageAcross, pageOf } from '../paging.js';
import { Regions } from '../slots/regions.js';
import { Machines } from './machines.js';

const machinesQuery = pageOf({ region: z.string().regex(TOKEN).optional() });

const ETAG = { ETag: 'the revision of the policy, for `If-Match`' };

/** Machines, and what each may say of its slots: fleets, addresses, their number, priority. */
@Controller('v1/machines')
export class MachinesController {
  constructor(
    private readonly machines: Machines,
    private readonly regions: Regions,
  ) {}

  @Describes({
    summary: 'Lists the machines, with their policies and what was refused to them',
    answers: { 200: machinesAnswer },
    refusals: ['unknown-region'],
    asks: true,
  })
  @Requires('observe')
  @Get()
  async list(@Query(new SchemaPipe(machinesQuery)) query: z.output<typeof machinesQuery>) {
    const regions = this.regions.shown(query.region);
    const find = (region: string) => this.machines.list({ region });
    const { items, next } = await pageAcross(regions, find, query);
    return { machines: items, next };
  }

  @Describes({
    summary: 'Shows a machine, with its policy and what was refused to it',
    answers: { 200: machineAnswer },
    headers: ETAG,
    refusals: ['unknown-agent'],
    asks: true,
  })
  @Requires('observe')
  @Get(':id')
  async get(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const [machine] = await this.machines.list(refOf(id));
    if (machine === undefined) throw unknown(`machine ${id} has neither slots nor a policy`);
    return tagged(reply, machine);
  }

  @Describes({
    summary: 'Sets what a machine may say of its slots',
    detail:
      'Slots beyond the policy are not registered; those that are registered already are drained within seconds, and their sessions go on. A machine may be given its policy before it comes. What is left out, or null, is not limited. Repeating the request changes nothing. With `If-Match`, the policy is set only if nobody has changed it since.',
    answers: { 200: machineAnswer },
    headers: ETAG,
    refusals: ['unknown-agent', 'stale-revision'],
    asks: true,
  })
  @Requires('operate')
  @Put(':id/policy')
  async set(
    @Param('id') id: string,
    @Body(new SchemaPipe(policyBody)) { reason, by, ...policy }: PolicyBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const request = { ...refOf(id), policy, reason, by, ...revisionIn(ifMatch) };
    return tagged(reply, await this.machines.set(request));
  }

  @Describes({
    summary: 'Removes the policy of a machine',
    detail: 'What was drained because of it stays drained, until the drain is withdrawn.',
    answers: { 200: machineAnswer },
    headers: ETAG,
    refusals: ['unknown-agent', 'stale-revision'],
    asks: true,
  })
  @Requires('operate')
  @Delete(':id/policy')
  async remove(
    @Param('id') id: string,
    @Query(new SchemaPipe(removePolicyQuery)) query: z.output<typeof removePolicyQuery>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { reason, by } = query;
    const request = { ...refOf(id), policy: null, reason, by, ...revisionIn(ifMatch) };
    return tagged(reply, await this.machines.set(request));
  }
}

function refOf(id: string): { readonly region: string; readonly machine: string } {
  const named = agentNamed(id);
  if (named === undefined) throw unknown(`there is no machine ${id}; machines are region.machine`);
  return { region: named.region, machine: named.agent };
}

function unknown(detail: string): Problem {
  return new Problem(404, 'unknown-agent', detail);
}
