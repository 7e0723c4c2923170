import { connectNats, JetStreamEventLog, slotStreamName } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { freePort } from '#testing';
import { slotRecordCodec, slotsSubject } from '#wire';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTime } from './in-time.js';
import { Machine } from './machine.js';

const ALLOCATOR = resolve('dist/apps/allocator/src/main.js');
const GATEWAY = resolve('dist/apps/gateway/src/main.js');

/** What is reserved for each queue (bytes). */
const QUEUE_BYTES = '1048576';

/** A machine with a gateway, whose nats-server has little room. */
export class SmallMachine extends Machine {
  private allocatorPort = 0;
  api = '';

  protected get dataDirectory(): string {
    return join(this.folder, 'nats');
  }

  protected override async startAllocators(): Promise<void> {
    this.allocatorPort = await freePort();
    this.run('allocator', [ALLOCATOR], {
      ...{ BERTH_REGIONS: 'local', BERTH_METRICS_PORT: String(this.allocatorPort) },
      ...{ BERTH_REQUESTS_BYTES_MAX: QUEUE_BYTES, BERTH_OUTCOMES_BYTES_MAX: QUEUE_BYTES },
    });
    const port = await freePort();
    this.api = `http://127.0.0.1:${port}`;
    this.run('gateway', [GATEWAY], {
      ...{ BERTH_REGIONS: 'local', BERTH_OPEN: 'true', HTTP_PORT: String(port) },
      GAMEFABRIC_FLEETS: '*',
    });
  }

  /** The status and text of `/readyz`, of the allocator and of the gateway. */
  readyz(): Promise<readonly string[]> {
    const urls = [`http://127.0.0.1:${this.allocatorPort}`, this.api];
    return Promise.all(urls.map((url) => textOf(fetch(`${url}/readyz`))));
  }

  post(path: string, body: object): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    return textOf(fetch(this.api + path, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  /** Asks for a server over HTTP. */
  allocate(allocationId: string): Promise<string> {
    return this.post('/v1/allocations', { region: 'local', allocationId });
  }

  /** Resolves with what `/readyz` says once both say this. */
  async whenReady(isReady: boolean, withinMs: number): Promise<readonly string[]> {
    let said: readonly string[] = [];
    const look = async () => {
      do {
        await sleep(100);
        said = await this.readyz();
      } while (!said.every((one) => one.startsWith(isReady ? '200' : '503')));
    };
    await inTime(`ready: ${isReady}`, look(), withinMs, () => `It says ${said.join()}`);
    return said;
  }

  /** The ids of all events of the log, in order. */
  async stored(): Promise<readonly string[]> {
    const connection = await connectNats({ servers: this.natsUrl, name: 'reader' });
    const [stream, clock] = [slotStreamName('local'), new SystemClock()];
    const options = { stream, codec: slotRecordCodec, clock };
    const log = await JetStreamEventLog.open(connection, options);
    const ids: string[] = [];
    for await (const item of log.read(slotsSubject('local'))) {
      if (item.kind === 'recorded') ids.push(item.record.id);
    }
    await connection.close();
    return ids;
  }
}

export async function textOf(answer: Promise<Response>): Promise<string> {
  const found = await answer.catch(() => undefined);
  return found === undefined ? 'no answer' : `${found.status} ${await found.text()}`;
}
