/** Words of a command line, and what the command's action must receive. */
export type Row = readonly [words: readonly string[], args: readonly unknown[], options: object];

export const api = ['--api', 'http://here', '--json'];
export const onApi = { api: 'http://here', json: true };
export const why = ['--reason', 'an upgrade', '--by', 'me'];
export const because = { reason: 'an upgrade', by: 'me' };
