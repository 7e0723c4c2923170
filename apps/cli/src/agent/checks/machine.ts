import { errorMessage } from '#kernel';
import { constants } from 'node:fs';
import { access, readFile, readdir, stat } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';
import { delimiter, isAbsolute, join } from 'node:path';
import type { AgentConfig } from '../../../../agent/src/config.js';
import { HostPorts } from '../../../../agent/src/machine/ports.js';
import type { Finding } from './finding.js';

/**
 * Open files of the agent itself, and of each slot: a few watches, a log, its game's connections.
 */
const FILES_BASE = 512;
const FILES_PER_SLOT = 16;

/** Whether there are enough ports, free over TCP and UDP, for all slots. */
export async function ports(config: AgentConfig): Promise<Finding> {
  const { BERTH_PORTS: range, BERTH_EXTRA_PORTS, BERTH_SLOTS } = config;
  const what = 'ports';
  const host = new HostPorts(range, BERTH_EXTRA_PORTS);
  let slots = 0;
  try {
    for (; slots < BERTH_SLOTS; slots += 1) await host.secure(String(slots));
    return { what, verdict: 'fine', says: `${range.first}-${range.last} has enough free ports` };
  } catch (error) {
    const says = `${errorMessage(error)}, with ${slots} of ${BERTH_SLOTS} slots served`;
    const remedy = 'choose a larger range with --ports, or fewer --slots';
    return { what, verdict: 'wrong', says, remedy };
  }
}

/** Whether the game's executable exists: an absolute path, or a name to be found on the PATH. */
export async function executable(config: AgentConfig, path: string): Promise<Finding> {
  const [name = ''] = config.BERTH_COMMAND;
  const what = 'executable';
  const places = name.includes('/') ? [name] : path.split(delimiter).map((at) => join(at, name));
  if (name.includes('/') && !isAbsolute(name)) {
    const remedy = 'name it by its absolute path';
    return { what, verdict: 'wrong', says: `${name} is no absolute path`, remedy };
  }
  for (const place of places) {
    const found = await stat(place).catch(() => null);
    if (!found?.isFile()) continue;
    const mayRun = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (mayRun) return { what, verdict: 'fine', says: place };
    return { what, verdict: 'wrong', says: `${place} may not be executed`, remedy: 'chmod +x it' };
  }
  const says = `there is no ${name}${name.includes('/') ? '' : ' on the PATH'}`;
  return { what, verdict: 'wrong', says, remedy: 'install it, or correct what follows --' };
}

const here = new BlockList();
here.addSubnet('127.0.0.0', 8, 'ipv4');
here.addAddress('::1', 'ipv6');
const nowhere = new BlockList();
nowhere.addSubnet('0.0.0.0', 8, 'ipv4');
nowhere.addSubnet('169.254.0.0', 16, 'ipv4');
nowhere.addSubnet('224.0.0.0', 3, 'ipv4');
const inside = new BlockList();
inside.addSubnet('10.0.0.0', 8, 'ipv4');
inside.addSubnet('172.16.0.0', 12, 'ipv4');
inside.addSubnet('192.168.0.0', 16, 'ipv4');
inside.addSubnet('100.64.0.0', 10, 'ipv4');
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');

/**
 * Whether players can reach the address that they are told, as far as the address itself shows
 * that.
 */
export function address({ BERTH_ADDRESS: ip }: AgentConfig): Finding {
  const what = 'address';
  const version = isIP(ip);
  const remedy = 'say with --address how players reach this machine';
  if (version === 0) {
    return { what, verdict: 'warning', says: `${ip} is no IP address; players must resolve it` };
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (nowhere.check(ip, family)) {
    return { what, verdict: 'wrong', says: `nobody can connect to ${ip}`, remedy };
  }
  if (here.check(ip, family)) {
    return { what, verdict: 'warning', says: `${ip} is reached from this machine only`, remedy };
  }
  if (inside.check(ip, family)) {
    return { what, verdict: 'warning', says: `${ip} is reached from its own network only`, remedy };
  }
  return { what, verdict: 'fine', says: ip };
}

/** The limit on open files, as far as the system tells it. */
export async function openFiles({ BERTH_SLOTS }: AgentConfig): Promise<readonly Finding[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  if (soft === undefined) return [];
  const wanted = FILES_BASE + FILES_PER_SLOT * BERTH_SLOTS;
  if (Number(soft) >= wanted)
    return [{ what: 'limits', verdict: 'fine', says: `${soft} open files` }];
  const says = `${soft} open files may be too few; ${wanted} are enough`;
  const remedy = `ulimit -n ${wanted}, or LimitNOFILE=${wanted} in the unit`;
  return [{ what: 'limits', verdict: 'warning', says, remedy }];
}

const UNITS = '/etc/systemd/system';

/** Without KillMode=process, systemd ends all games whenever it stops the agent. */
export async function systemd(): Promise<readonly Finding[]> {
  const names = await readdir(UNITS).catch(() => [] as string[]);
  const units = names.filter((name) => name.endsWith('.service'));
  const findings: Finding[] = [];
  for (const name of units) {
    const text = await readFile(join(UNITS, name), 'utf8').catch(() => '');
    if (!/^ExecStart=.*(berth agent|apps\/agent\/src\/main)/m.test(text)) continue;
    const keeps = /^KillMode=process\s*$/m.test(text);
    findings.push(
      keeps
        ? { what: 'systemd', verdict: 'fine', says: `${name} leaves games alone` }
        : {
            what: 'systemd',
            verdict: 'wrong',
            says: `${name} would end all games together with the agent`,
            remedy: `add KillMode=process to its [Service], then systemctl daemon-reload`,
          },
    );
  }
  return findings;
}
