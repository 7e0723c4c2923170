import { describe, expect, it } from '@jest/globals';
import { table } from './table.js';

const headings = ['slot', 'pending', 'allocation', 'failure'];
const rows = [
  [
    'eu.machine-25acc7.11',
    '',
    '2d73d7fd-4032-4ce8-a86e-4bd27ea783b6',
    'its callback was not answered',
  ],
];

describe('A table', () => {
  it('is as wide as its content if a program reads it', () => {
    expect(table(headings, rows, Infinity)).toBe(
      'SLOT                  PENDING  ALLOCATION                            FAILURE\n' +
        'eu.machine-25acc7.11           2d73d7fd-4032-4ce8-a86e-4bd27ea783b6  its callback was not answered',
    );
  });

  it.each([40, 60, 80])('fits a screen of %d columns, and loses no content', (screen) => {
    const lines = table(headings, rows, screen).split('\n');
    expect(lines.filter(({ length }) => length > screen)).toEqual([]);
    expect(lines[0]).not.toContain('PENDING');
    const letters = (text: string) => [...text.replaceAll(/\s/g, '')].sort().join('');
    expect(letters(lines.slice(1).join(''))).toBe(letters(rows.flat().join('')));
  });

  it('breaks no word, and instants between date and time, as long as other columns can give way', () => {
    const history = [
      [
        '15',
        '2026-11-28T00:38:00.782Z',
        'DeallocationRequested',
        'deallocated',
        'the end of it all',
      ],
    ];
    expect(table(['sequence', 'at', 'event', 'state', 'why'], history, 80)).toBe(
      [
        'SEQUENCE  AT                EVENT                  STATE        WHY',
        '15        2026-11-28T       DeallocationRequested  deallocated  the end of it',
        '          00:38:00.782Z                                         all',
      ].join('\n'),
    );
  });

  it.each([68, 72, 76, 80, 84])('breaks no time of day on a screen of %d columns', (screen) => {
    const sized = 'FleetSized min 0, buffer 0, max 3';
    const actions = [['2026-11-28T08:28:05.909Z', 'root', sized, 'fleet local.harbour', 'season']];
    const shown = table(['at', 'by', 'event', 'of', 'why'], actions, screen);
    expect(shown).toContain('08:28:05.909Z');
  });

  it('stays unchanged if it fits', () => {
    expect(table(['a', 'b'], [['1', '']], 80)).toBe('A  B\n1');
  });

  it('shows control characters, and does not obey them', () => {
    const shown = table(['why'], [['\u001b[31mred\r\nnext\u202eturned']]);
    expect(shown).toBe('WHY\n\\u001b[31mred\\u000d\\u000anext\\u202eturned');
  });
});
