import { indexStateAnswer, indexStatesAnswer } from '#http-api';
import { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Api } from '../operate/api.js';
import { apiOf, onApi, show, type CommonOptions, type Print } from '../operate/common-options.js';
import { queryOf } from '../operate/query.js';
import { table } from '../operate/table.js';
import { complain } from '../terminal.js';
import { instantText } from './instant.js';

/** Between two questions about a new index (ms). */
const LOOK_MS = 1_000;

interface IndexOptions extends CommonOptions {
  readonly region?: string;
  readonly rebuild?: string;
}

type State = z.output<typeof indexStateAnswer>;

/** `berth audit index`: the index that past allocations are found in. */
export function indexCommand(print: Print): Command {
  return onApi(new Command('index'))
    .description('show how large the index of past allocations is, and how far behind the log')
    .option('--region <name>', 'of this region; all if not given')
    .option(
      '--rebuild <region>',
      'build the index of this region anew from the archive and the log; the old one answers meanwhile',
    )
    .action(async (options: IndexOptions) => {
      const api = apiOf(options);
      const { region, rebuild } = options;
      const states = rebuild === undefined ? statesOf(api, region) : rebuilt(api, rebuild);
      show(print, options, await states, textOf);
    });
}

async function rebuilt(api: Api, region: string): Promise<readonly State[]> {
  const path = `/v1/audit/index/${encodeURIComponent(region)}/rebuild`;
  return [await untilBuilt(api, await api.post(path, {}, indexStateAnswer))];
}

/** Tells now and then how far it is. */
async function untilBuilt(api: Api, begun: State): Promise<State> {
  for (let state = begun; ;) {
    if (state.building === null) return state;
    complain(progressOf(state.building));
    await sleep(LOOK_MS);
    state = (await statesOf(api, state.region))[0] ?? state;
  }
}

function progressOf({ readTo, end, eventsPerSecond }: NonNullable<State['building']>): string {
  return `building: ${readTo} of ${end}, ${eventsPerSecond} events/s`;
}

async function statesOf(api: Api, region: string | undefined): Promise<readonly State[]> {
  return (await api.get(`/v1/audit/index?${queryOf({ region })}`, indexStatesAnswer)).indexes;
}

function textOf(states: readonly State[]): string {
  const heads = ['region', 'read to', 'behind', 'claims', 'size', 'built', 'events/s', 'now'];
  const rows = states.map(({ region, readTo, lagEvents, claims, bytes, built, building }) => {
    return [
      ...[region, String(readTo), lagEvents === null ? 'unknown' : String(lagEvents)],
      ...[String(claims), `${(bytes / 2 ** 20).toFixed(1)} MiB`],
      built === null ? 'never' : instantText(built.at),
      ...[String(built?.eventsPerSecond ?? ''), building === null ? '' : progressOf(building)],
    ];
  });
  return table(heads, rows);
}
