import { readFile } from 'node:fs/promises';

/** In /proc/net: a TCP socket that listens. A UDP socket needs nothing but its port. */
const LISTENING = '0A';

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;

/**
 * Whether somebody in the process' own network hears what is sent to the port, over TCP or UDP;
 * null where the system does not tell (proc(5), which is Linux').
 */
export async function hasListener(pid: number, port: number): Promise<boolean | null> {
  const tables = await Promise.all(TABLES.map((table) => read(`/proc/${pid}/net/${table}`)));
  if (tables.every((text) => text === null)) return null;
  const address = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return tables.some((text, index) => listens(text ?? '', address, TABLES[index] ?? 'tcp'));
}

function listens(text: string, address: string, table: string): boolean {
  return text.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return local?.endsWith(address) && (table.startsWith('udp') || state === LISTENING);
  });
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
