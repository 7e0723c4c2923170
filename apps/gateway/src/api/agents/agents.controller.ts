import { agentAnswer, agentsAnswer } from '#http-api';
import { TOKEN, agentName, agentNamed } from '#wire';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../auth/requires.js';
import { Describes } from '../../openapi/describes.js';
import { pageOf } from '../paging.js';
import { Problem, invalid } from '../../http/problems.js';
import { SchemaPipe } from '../../http/schema.pipe.js';
import { Regions } from '../slots/regions.js';
import { SlotView, type SlotEntry } from '../slots/slot-view.js';
import { agentJson } from './agent-json.js';
import { Beats } from './beats.js';

const agentsQuery = pageOf({ region: z.string().regex(TOKEN).optional() });

@Controller('v1/agents')
export class AgentsController {
  constructor(
    private readonly view: SlotView,
    private readonly regions: Regions,
    private readonly beats: Beats,
  ) {}

  @Describes({
    summary: 'Lists the agents, with the numbers of their slots',
    answers: { 200: agentsAnswer },
    refusals: ['unknown-region'],
    reads: true,
  })
  @Requires('observe')
  @Get()
  list(@Query(new SchemaPipe(agentsQuery)) query: z.output<typeof agentsQuery>) {
    const { region, after, limit } = query;
    if (region === undefined) this.regions.requireAll();
    else this.regions.logOf(region);
    if (after !== undefined && agentNamed(after) === undefined) {
      throw invalid('after: must be the name of an agent');
    }
    const agents: ReturnType<typeof agentJson>[] = [];
    for (const entries of agentsOf(this.view.inOrder({ region }, behind(after)))) {
      if (agents.length === limit) return { agents, next: agents.at(-1)?.id };
      agents.push(this.shown(entries));
    }
    return { agents };
  }

  @Describes({
    summary: 'Shows an agent, with the numbers of its slots',
    answers: { 200: agentAnswer },
    refusals: ['unknown-agent', 'unknown-region'],
    reads: true,
  })
  @Requires('observe')
  @Get(':id')
  get(@Param('id') id: string) {
    const named = agentNamed(id);
    if (named === undefined) throw unknown(`there is no agent ${id}; agents are region.agent`);
    this.regions.logOf(named.region);
    const [entries] = agentsOf(this.view.inOrder({ region: named.region }, `${id}.`));
    if (entries?.[0].ref.agent !== named.agent) throw unknown(`there is no agent ${id}`);
    return this.shown(entries);
  }

  private shown(entries: Parameters<typeof agentJson>[0]) {
    return agentJson(entries, this.beats.of(agentName(entries[0].ref)));
  }
}

function unknown(detail: string): Problem {
  return new Problem(404, 'unknown-agent', detail);
}

/**
 * A name that sorts after all slots of the agent: their names continue with a dot, and the slash
 * follows the dot in ASCII.
 */
function behind(agent: string | undefined): string | undefined {
  return agent === undefined ? undefined : `${agent}/`;
}

/** Groups slots by agent; in the order of names, the slots of one agent are next to each other. */
function* agentsOf(entries: Iterable<SlotEntry>): Iterable<readonly [SlotEntry, ...SlotEntry[]]> {
  let gathered: [SlotEntry, ...SlotEntry[]] | undefined;
  for (const entry of entries) {
    const [first] = gathered ?? [];
    if (first?.ref.agent === entry.ref.agent && first.ref.region === entry.ref.region) {
      gathered?.push(entry);
    } else {
      if (gathered !== undefined) yield gathered;
      gathered = [entry];
    }
  }
  if (gathered !== undefined) yield gathered;
}
