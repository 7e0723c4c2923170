import { describe, expect, it } from '@jest/globals';
import { minVersion, satisfies } from 'semver';
import { z } from 'zod';
import { readDocument } from './sources.js';

const withEngines = z.object({ engines: z.object({ node: z.string().optional() }).optional() });

const lockFile = z.object({ packages: z.record(z.string(), withEngines) });

describe('The lowest Node version in package.json', () => {
  const { packages } = lockFile.parse(JSON.parse(readDocument('package-lock.json')));
  const lowest = minVersion(packages['']?.engines?.node ?? '')?.version ?? '';

  it('is accepted by every installed package', () => {
    const refusing = Object.entries(packages).filter(([, { engines }]) => {
      return !satisfies(lowest, engines?.node ?? '*');
    });
    expect(refusing.map(([path, { engines }]) => `${path} wants ${engines?.node}`)).toEqual([]);
  });

  it('is the version in .nvmrc', () => {
    expect(`${readDocument('.nvmrc').trim()}.0`).toBe(lowest);
  });
});
