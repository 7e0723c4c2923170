import type { NatsLogin } from '#jetstream';
import { freePort } from '#testing';
import type { Surroundings, Target } from '../target.js';
import { startWorker } from '../worker.js';
import { startGuardedServer } from './guarded-server.js';
import { agent as agentName, region } from './setting.js';

/** The options with which `berth dev` and docker-compose.yml start services. */
const EXEC_ARGV = ['--max-semi-space-size=64'];

/** The main module of a service, relative to this module as built. */
const mainOf = (service: string) =>
  new URL(`../../../../apps/${service}/src/main.js`, import.meta.url);

/** Berth over NATS: the allocator service as it is deployed, and an agent without games. */
export const berthTarget = targetOf('berth', region, {});

/** The same, with payloads and answers encrypted in the log. */
export const encryptedTarget = targetOf('berth encrypted', 'encrypted', {
  BERTH_ENCRYPT_PAYLOADS: 'true',
});

/** The same, with generated permissions on a nats-server of its own; and with TLS; and with all three. */
export const guardedTargets: readonly Target[] = [
  guardedTarget('berth permissions', 'guarded', false, {}),
  guardedTarget('berth tls', 'tls', true, {}),
  guardedTarget('berth secured', 'secured', true, { BERTH_ENCRYPT_PAYLOADS: 'true' }),
];

function guardedTarget(
  name: string,
  region: string,
  isTls: boolean,
  settings: NodeJS.ProcessEnv,
): Target {
  return {
    ...{ name, requesterModule: new URL('./requester.js', import.meta.url) },
    async start(surroundings) {
      const { server, natsUrl, loginOf } = await startGuardedServer(surroundings, region, isTls);
      const login = loginOf('allocator');
      const parts = await startParts(natsUrl, region, loginOf(agentName), {
        ...{ ...settings, NATS_NKEY_FILE: login.nkeyFile },
        NATS_INBOX_PREFIX: login.inboxPrefix,
        ...(login.caFile !== undefined && { NATS_CA_FILE: login.caFile }),
      });
      return {
        address: { natsUrl, region, login: loginOf('matchmaker') },
        processes: { ...parts.processes, 'nats-server': server.pid },
        monitorUrl: server.monitorUrl ?? '',
        async stop() {
          await parts.stop();
          await server.stop();
        },
      };
    },
  };
}

/** Several allocators of one region, between which nats-server divides the requests. */
export const severalTargets = [2, 4].map((count) => ({
  ...targetOf(`berth x${count}`, `several-${count}`, {}, count),
  onRequest: true,
}));

export function targetOf(
  name: string,
  region: string,
  settings: NodeJS.ProcessEnv,
  allocatorCount = 1,
): Target {
  return {
    name,
    requesterModule: new URL('./requester.js', import.meta.url),
    async start({ natsUrl }) {
      const parts = await startParts(natsUrl, region, undefined, settings, allocatorCount);
      return { address: { natsUrl, region }, ...parts };
    },
  };
}

async function startParts(
  natsUrl: string,
  region: string,
  login: NatsLogin | undefined,
  settings: NodeJS.ProcessEnv,
  allocatorCount = 1,
) {
  const env = { NATS_URL: natsUrl, BERTH_REGIONS: region, LOG_LEVEL: 'warn', ...settings };
  const options = { env, execArgv: EXEC_ARGV };
  const start = () => startWorker(mainOf('allocator'), undefined, options);
  const allocators = await Promise.all(Array.from({ length: allocatorCount }, start));
  const stub = { natsUrl, region, login };
  const agent = await startWorker(new URL('./agent.js', import.meta.url), stub);
  return {
    processes: {
      ...Object.fromEntries(
        allocators.map(({ pid }, index) => [
          index === 0 ? 'allocator' : `allocator ${index + 1}`,
          pid,
        ]),
      ),
      agent: agent.pid,
    },
    async stop() {
      await Promise.all([...allocators, agent].map((worker) => worker.stop()));
    },
  };
}

/**
 * Berth over HTTP: asks a gateway that runs beside the processes of the target `berth`.
 *
 * @param settings additional settings of the gateway
 */
export function httpTarget(
  berth: Target,
  settings: NodeJS.ProcessEnv = {},
): { readonly berth: Target; readonly http: Target } {
  let processes: Readonly<Record<string, number>> = {};
  const shared: Target = {
    ...berth,
    async start(surroundings: Surroundings) {
      const running = await berth.start(surroundings);
      if (!('skipped' in running)) ({ processes } = running);
      return running;
    },
  };
  const http: Target = {
    name: 'berth http',
    requesterModule: new URL('./http-requester.js', import.meta.url),
    async start({ natsUrl }) {
      if (processes.allocator === undefined) return { skipped: 'it needs the target berth' };
      const httpPort = await freePort();
      const env = {
        NATS_URL: natsUrl,
        BERTH_REGIONS: region,
        LOG_LEVEL: 'warn',
        HTTP_PORT: String(httpPort),
        BERTH_OPEN: 'true',
        ...settings,
      };
      const gateway = await startWorker(mainOf('gateway'), undefined, { env, execArgv: EXEC_ARGV });
      return {
        address: { httpPort },
        processes: { ...processes, gateway: gateway.pid },
        stop: () => gateway.stop(),
      };
    },
  };
  return { berth: shared, http };
}
