import {
  connectNats,
  CredentialsRefused,
  LoginInvalid,
  slotStreamName,
  TlsRefused,
} from '#jetstream';
import { errorMessage } from '#kernel';
import { checkServerVersion, ServerUnsafe } from '#nats-server';
import { natsAddressOf } from '#service-runtime';
import { jetstreamManager, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { AgentConfig } from '../../../../agent/src/config.js';
import type { Finding } from './finding.js';

const CONNECT_MS = 3_000;
const ANSWER_MS = 3_000;
const NEWER = 'install a newer nats-server';
const STREAM_NOT_FOUND = 10059;

/**
 * If the machine's clock is further off than this (ms), its own logs cannot be compared with
 * others.
 */
const CLOCK_OFF_MS = 1_000;

/** Whether NATS can be reached, is new enough, has JetStream, and has the region's log of slots. */
export async function nats(config: AgentConfig): Promise<readonly Finding[]> {
  const warnings: Finding[] = [];
  try {
    const connection = await connectNats({
      ...natsAddressOf(config),
      name: 'berth-agent-check',
      timeout: CONNECT_MS,
      reconnect: false,
      onServer: (says) => void warnings.push({ what: 'nats', verdict: 'warning', says }),
      onWarning: (says) => void warnings.push({ what: 'login', verdict: 'warning', says }),
    });
    try {
      return [...warnings, versionOf(connection), ...(await log(connection, config.BERTH_REGION))];
    } finally {
      await connection.close();
    }
  } catch (error) {
    return [...warnings, unreached(config, error)];
  }
}

function unreached({ NATS_URL: url }: AgentConfig, error: unknown): Finding {
  const isLogin = [CredentialsRefused, LoginInvalid, TlsRefused].some(
    (kind) => error instanceof kind,
  );
  if (isLogin) return { what: 'login', verdict: 'wrong', says: errorMessage(error) };
  if (error instanceof ServerUnsafe) {
    return { what: 'nats', verdict: 'wrong', says: errorMessage(error), remedy: NEWER };
  }
  return {
    what: 'nats',
    verdict: 'wrong',
    says: `${withoutSecrets(url)} cannot be reached: ${errorMessage(error)}`,
    remedy: 'start it, open its port to this machine, or name another with --nats',
  };
}

function versionOf({ info }: NatsConnection): Finding {
  const { version = '', cluster = '' } = info ?? {};
  try {
    checkServerVersion({ version, replicas: 1, clustered: cluster !== '' });
    return { what: 'nats', verdict: 'fine', says: `nats-server ${version}` };
  } catch (error) {
    return { what: 'nats', verdict: 'wrong', says: errorMessage(error), remedy: NEWER };
  }
}

async function log(connection: NatsConnection, region: string): Promise<readonly Finding[]> {
  let manager: JetStreamManager;
  try {
    manager = await jetstreamManager(connection, { timeout: ANSWER_MS });
  } catch (error) {
    const says = `there is none: ${errorMessage(error)}`;
    const remedy = 'start nats-server with -js, and let this user use it';
    return [{ what: 'jetstream', verdict: 'wrong', says, remedy }];
  }
  const fine: Finding = { what: 'jetstream', verdict: 'fine', says: 'is on' };
  try {
    const asked = Date.now();
    const { ts } = await manager.streams.info(slotStreamName(region));
    const says = `region ${region} has its log of slots`;
    return [fine, { what: 'log', verdict: 'fine', says }, ...clock(asked, Date.now(), ts)];
  } catch (error) {
    return [fine, noLog(region, error)];
  }
}

function noLog(region: string, error: unknown): Finding {
  const isMissing = error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND;
  return isMissing
    ? {
        what: 'log',
        verdict: 'warning',
        says: `region ${region} has no log of slots: the agent would wait for it`,
        remedy: `start an allocator for the region, which creates it, or correct --region`,
      }
    : {
        what: 'log',
        verdict: 'wrong',
        says: errorMessage(error),
        remedy: 'see the log of nats-server',
      };
}

/** The server read its clock at some instant between `asked` and `heard`. */
function clock(asked: number, heard: number, told: unknown): readonly Finding[] {
  const server = typeof told === 'string' ? Date.parse(told) : NaN;
  if (Number.isNaN(server)) return [];
  const offMs = server < asked ? asked - server : Math.max(0, server - heard);
  if (offMs <= CLOCK_OFF_MS) {
    return [{ what: 'clock', verdict: 'fine', says: `within ${CLOCK_OFF_MS} ms of the log's` }];
  }
  return [
    {
      what: 'clock',
      verdict: 'warning',
      says: `${(offMs / 1000).toFixed(1)} s off the log's; Berth goes by the log's, your logs do not`,
      remedy: 'synchronise the clock of this machine (chrony, systemd-timesyncd)',
    },
  ];
}

function withoutSecrets(urls: string): string {
  return urls.replaceAll(/\/\/[^/@,]*@/g, '//***@');
}
