import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { complaintsOfGrafana } from './grafana.js';

interface Board {
  panels: { id: number; type: string; options: object; fieldConfig: { defaults: object } }[];
}

const board = () => JSON.parse(readFileSync('deploy/grafana-dashboard.json', 'utf8')) as Board;

/** The board with another panel, made of its first one of that type. */
function changed(type: string, change: object): Board {
  const { panels, ...frame } = board();
  const panel = panels.find((one) => one.type === type);
  if (panel === undefined) throw new Error(`the board has no ${type}`);
  return { ...frame, panels: [{ ...panel, id: 1, ...change }] };
}

describe("Grafana's own schema", () => {
  it('has nothing against the dashboard', () => {
    expect(complaintsOfGrafana(board())).toEqual([]);
  });

  it.each<[string, string, object]>([
    ['Grafana has no panel timeserie', 'timeseries', { type: 'timeserie' }],
    [`'"legendary"' does not exist`, 'timeseries', { options: { legendary: {} } }],
    [`'"modes"' does not exist`, 'timeseries', { options: { tooltip: { modes: 'multi' } } }],
    ['"multitude"', 'timeseries', { options: { tooltip: { mode: 'multitude' } } }],
    [`'"graph"' does not exist`, 'stat', { options: { graph: 'none' } }],
    [
      `'"units"' does not exist`,
      'stat',
      { fieldConfig: { defaults: { units: 's' }, overrides: [] } },
    ],
    [
      `'"fill"' does not exist`,
      'timeseries',
      { fieldConfig: { defaults: { custom: { fill: 1 } }, overrides: [] } },
    ],
    [`'"query"' does not exist`, 'stat', { targets: [{ refId: 'A', query: 'up' }] }],
  ])('complains that %s', (complaint, type, change) => {
    expect(complaintsOfGrafana(changed(type, change))).toEqual([
      expect.stringContaining(complaint),
    ]);
  });

  it('complains about what is not a panel', () => {
    const complaints = complaintsOfGrafana({ ...board(), refreshing: '5s' } as Board);
    expect(complaints).toEqual([expect.stringContaining(`'"refreshing"' does not exist`)]);
  });
});
