import { lockFolder } from '#slot-owner';
import { errorMessage } from '#kernel';
import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentConfig } from '../../../../agent/src/config.js';
import type { Finding } from './finding.js';

const MIB = 1024 * 1024;
const what = 'data folder';

const identity = z.object({ region: z.string() });

/** Whether the agent's data folder can be written, belongs to no other agent, and has room. */
export async function dataFolder(config: AgentConfig): Promise<readonly Finding[]> {
  const { BERTH_DATA: path, BERTH_REGION: region } = config;
  const trouble = (await writable(path)) ?? (await ofRegion(path, region)) ?? (await taken(path));
  if (trouble !== null) return [trouble];
  return [{ what, verdict: 'fine', says: path }, await space(config)];
}

async function writable(path: string): Promise<Finding | null> {
  const trial = join(path, '.check');
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await writeFile(trial, '');
    await rm(trial);
    return null;
  } catch (error) {
    const remedy = 'give it to the user that runs the agent, or choose another with --data';
    return { what, verdict: 'wrong', says: `cannot be written: ${errorMessage(error)}`, remedy };
  }
}

async function ofRegion(path: string, region: string): Promise<Finding | null> {
  const text = await readFile(join(path, 'agent.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const kept = identity.safeParse(parsed(text));
  if (kept.data?.region === region) return null;
  const says = kept.success
    ? `${path} belongs to an agent of region ${kept.data.region}`
    : `${path} holds an invalid agent.json`;
  return { what, verdict: 'wrong', says, remedy: 'choose another with --data' };
}

async function taken(path: string): Promise<Finding | null> {
  try {
    const unlock = await lockFolder(path);
    unlock();
    return null;
  } catch (error) {
    const remedy = 'stop that agent first, or choose another folder with --data';
    return { what, verdict: 'wrong', says: errorMessage(error), remedy };
  }
}

/** Whether the disk has room for twice the largest size of all slots' logs. */
async function space(config: AgentConfig): Promise<Finding> {
  const { BERTH_SLOTS, BERTH_LOG_BYTES_MAX, BERTH_LOG_FILES_MAX, BERTH_DATA } = config;
  const { bavail, bsize } = await statfs(BERTH_DATA);
  const free = bavail * bsize;
  const wanted = 2 * BERTH_SLOTS * BERTH_LOG_BYTES_MAX * (BERTH_LOG_FILES_MAX + 1);
  const says = `${Math.floor(free / MIB)} MiB free`;
  if (free >= wanted) return { what: 'disk', verdict: 'fine', says };
  return {
    what: 'disk',
    verdict: free < 64 * MIB ? 'wrong' : 'warning',
    says: `${says}; the logs of ${BERTH_SLOTS} slots may take ${Math.ceil(wanted / 2 / MIB)} MiB`,
    remedy: 'make room, choose another folder with --data, or set --log-bytes-max lower',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
