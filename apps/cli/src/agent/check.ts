import { ConfigInvalid } from '#service-runtime';
import { readAgentConfig, type AgentConfig } from '../../../agent/src/config.js';
import { show, type Print } from '../operate/common-options.js';
import { callback } from './checks/callback.js';
import { dataFolder } from './checks/data-folder.js';
import type { Finding } from './checks/finding.js';
import { gameLimits, gameUsers } from './checks/isolation.js';
import { address, executable, openFiles, ports, systemd } from './checks/machine.js';
import { nats } from './checks/nats.js';
import { inFlags, strangersIn } from './settings.js';

const SIGNS = { fine: 'ok     ', warning: 'warning', wrong: 'WRONG  ' } as const;

/**
 * Checks the machine for an agent with these settings and prints the findings. Returns whether none
 * of them is wrong.
 */
export async function checkAgent(
  env: NodeJS.ProcessEnv,
  print: Print,
  options: { readonly json?: true } = {},
): Promise<boolean> {
  const config = configOf(env);
  const findings =
    typeof config === 'string' ? [unreadable(config)] : await findingsOf(config, env);
  show(print, options, findings, () => findings.map(lineOf).join('\n'));
  return findings.every(({ verdict }) => verdict !== 'wrong');
}

const unreadable = (says: string): Finding => ({ what: 'settings', verdict: 'wrong', says });

async function findingsOf(
  config: AgentConfig,
  env: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  return [
    ...strangers(env),
    ...(await nats(config)),
    ...(await dataFolder(config)),
    await ports(config),
    await executable(config, env['PATH'] ?? ''),
    address(config),
    ...(await callback(config)),
    gameUsers(config),
    await gameLimits(config),
    await openFiles(config),
    await systemd(),
  ].flat();
}

function configOf(env: NodeJS.ProcessEnv): AgentConfig | string {
  try {
    return readAgentConfig(env);
  } catch (error) {
    if (error instanceof ConfigInvalid) return inFlags(error.message);
    throw error;
  }
}

function strangers(env: NodeJS.ProcessEnv): readonly Finding[] {
  return strangersIn(env).map((name) => ({
    what: 'environment',
    verdict: 'warning',
    says: `${name} is no setting of an agent`,
  }));
}

function lineOf({ what, verdict, says, remedy }: Finding): string {
  const line = `${SIGNS[verdict]}  ${what}: ${says}`;
  return remedy === undefined ? line : `${line}\n         -> ${remedy}`;
}
