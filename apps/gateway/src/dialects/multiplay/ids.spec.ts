import { describe, expect, it } from '@jest/globals';
import { formerId, numberOf } from '#multiplay';
import type { Catalogue } from '../../api/builds/catalogue.js';
import type { Regions } from '../../api/slots/regions.js';
import { SlotView } from '../../api/slots/slot-view.js';
import { Directory } from './directory.js';
import { MultiplayIds } from './ids.js';

const NO_ALIASES = { regions: {}, fleets: {}, buildConfigurations: {} };
const [ONE, OTHER] = ['ctf-90684', 'ctf-93598'] as const;

function directory(names: readonly string[], buildConfigurations = {}): Directory {
  const configurations = async () => names.map((name) => ({ id: `local.${name}` }));
  const catalogue = { configurations } as unknown as Catalogue;
  const ids = new MultiplayIds({ ...NO_ALIASES, buildConfigurations });
  return new Directory(ids, new SlotView(), {} as Regions, catalogue, undefined);
}

describe('The id of a build configuration', () => {
  it.each([numberOf('ctf'), formerId('ctf'), 'ctf'])('may be %s', async (id) => {
    expect(await directory(['ctf', 'duel']).buildConfiguration(id, 'local')).toBe('ctf');
  });

  it('is refused if it belongs to two, until one of them is mapped', async () => {
    const id = numberOf(ONE);
    expect(numberOf(OTHER)).toBe(id);
    const both = directory([ONE, OTHER]);
    for (let again = 0; again < 2; again += 1) {
      await expect(both.buildConfiguration(id, 'local')).rejects.toThrow('several build');
    }
    expect(await both.buildConfiguration(ONE, 'local')).toBe(ONE);
    const mapped = directory([ONE, OTHER], { [id]: ONE, '7': OTHER });
    expect(await mapped.buildConfiguration(id, 'local')).toBe(ONE);
    expect(await mapped.buildConfiguration('7', 'local')).toBe(OTHER);
  });
});
