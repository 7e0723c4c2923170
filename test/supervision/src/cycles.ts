import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Player } from '../../end-to-end/src/player.js';
import type { Machine } from './machine.js';

/** The resources that an agent and its games hold on a machine between two sessions. */
export interface Holdings {
  readonly processes: number;
  readonly sockets: number;
  readonly openFiles: number;
  readonly folderEntries: number;
  readonly residentMiB: number;
}

/** Plays `cycles` sessions, each to its end by exit 0, `atOnce` at a time. */
export async function play(machine: Machine, cycles: number, atOnce: number): Promise<void> {
  let left = cycles;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const allocationId = randomUUID();
      const { address } = await machine.client.allocate({
        region: 'local',
        allocationId,
        waitMs: 20_000,
      });
      const player = await Player.join(address);
      await player.hear();
      player.say('end');
      await player.gone();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await machine.whenAllWarm();
}

/** A game of the example listens for players, and for its callback. */
const SOCKETS_PER_GAME = 2;

const LOOK_MS = 50;
const LOOKS_MAX = 200;
const OPEN_FILE_LOOKS = 10;

/** Call this when all slots are warm; it waits for games that have only just begun. */
export async function holdings(machine: Machine): Promise<Holdings> {
  const { agentPid, count } = machine;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    if (socketsOf(machine.processes()) >= count * SOCKETS_PER_GAME) break;
    await sleep(LOOK_MS);
  }
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${agentPid}/status`, 'utf8'));
  return {
    processes: machine.processes().length,
    sockets: socketsOf(machine.processes()),
    openFiles: await openFilesOf(agentPid),
    folderEntries: readdirSync(machine.data, { recursive: true }).length,
    residentMiB: Math.round(Number(resident?.[1] ?? 0) / 1024),
  };
}

/** The fewest of several looks: a file that is being read is no leak. */
async function openFilesOf(pid: number): Promise<number> {
  const counts: number[] = [];
  while (counts.length < OPEN_FILE_LOOKS) {
    counts.push(readdirSync(`/proc/${pid}/fd`).length);
    await sleep(LOOK_MS);
  }
  return Math.min(...counts);
}

/** Number of TCP ports on which these processes listen. */
function socketsOf(pids: readonly number[]): number {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listening(table)));
  const open = new Set(pids.flatMap((pid) => socketInodes(pid)));
  return [...inodes].filter((inode) => open.has(inode)).length;
}

/** proc(5): the state is the fourth field, 0A means listening; the inode is the tenth. */
function listening(table: string): readonly string[] {
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A')
    .map((fields) => fields[9] ?? '');
}

function socketInodes(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => inodeOf(join(folder, name)));
  } catch {
    return [];
  }
}

function inodeOf(link: string): readonly string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.slice(1) ?? [];
  } catch {
    return [];
  }
}
