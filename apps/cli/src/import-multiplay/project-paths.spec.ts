import { describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exclusion } from '../builds/exclusion.js';
import { excluded, projectOf } from './project-paths.js';

const BUILT = [
  ...['Pier.x86_64', 'a.pdb', 'Data/b.pdb', 'Data/Resources.bin', 'Data/Resources/sounds'],
  ...['Data/README', 'Data/[x]/y', 'Data/deep/c.txt'],
];

/** The files of a build that remain if one path is excluded. */
function staying(path: string, buildPath = 'Out/Linux'): readonly string[] | string {
  const { patterns } = excluded(path, buildPath, '/project');
  if (patterns.length === 0) return 'of another folder';
  const exclusion = new Exclusion(patterns);
  const stays = (file: string) => {
    const parts = file.split('/');
    const folders = parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
    return ![...folders, file].some((one) => exclusion.leavesOut(one));
  };
  return BUILT.filter(stays);
}

const without = (...files: readonly string[]) => BUILT.filter((file) => !files.includes(file));
const [inData, game] = [BUILT.filter((file) => file.startsWith('Data/')), ['Pier.x86_64', 'a.pdb']];

describe('An excluded path', () => {
  it.each<[string, readonly string[] | string]>([
    ['Out/Linux/Data/*.*', game],
    ['Out\\Linux\\Data\\*', game],
    ['./Out/Linux/Data', game],
    ['Out/Linux/Data/', game],
    ['Out/Linux/*.pdb', without('a.pdb', 'Data/b.pdb')],
    ['Out/*.pdb', without('a.pdb', 'Data/b.pdb')],
    ['Out/Linux/Data/Resources.*', without('Data/Resources.bin')],
    ['Out/Linux/Data/R*', without('Data/Resources.bin', 'Data/README')],
    ['Out/Linux/Data/?EADME', without('Data/README')],
    ['Out/Linux/Data/[x]', without('Data/[x]/y')],
    ['Out/Linux/data/*.*', BUILT],
    ['Out', []],
    ['Out/Windows/*.*', 'of another folder'],
    ['Elsewhere', 'of another folder'],
  ])('%s leaves these files', (path, files) => {
    expect(staying(path)).toEqual(files);
  });

  it('of a build outside the project is matched by its whole path', () => {
    expect(staying('D:\\Pier\\Data\\*.*', 'D:\\Pier')).toEqual(game);
    expect(staying('/home/me/out/Data', '/home/me/out')).toEqual(game);
    expect(staying('Out/Linux/Data', '/project/Out/Linux')).toEqual(game);
    expect(inData).toHaveLength(6);
  });
});

describe('The project folder of a file', () => {
  it('is the one with Assets, else the folder of the file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'berth-project-'));
    try {
      const inner = join(folder, 'Assets/game/Assets/Editor');
      await mkdir(inner, { recursive: true });
      expect(projectOf(join(folder, 'a.gsh'))).toBe(folder);
      expect(projectOf(join(folder, 'Assets/a.gsh'))).toBe(folder);
      expect(projectOf(join(inner, 'a.gsh'))).toBe(join(folder, 'Assets/game'));
      await mkdir(join(folder, 'ProjectSettings'));
      expect(projectOf(join(inner, 'a.gsh'))).toBe(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
