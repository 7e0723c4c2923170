import type { NatsServer } from '#nats-server';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A command `systemctl` for machines without systemd; it stops and starts one real nats-server. */
export class Systemctl {
  private readonly http = createServer(({ url }, response) => {
    void this.act(url).then(
      () => response.end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  /** @param bin folder for the command; created if missing */
  static async in(bin: string, server: NatsServer): Promise<Systemctl> {
    const systemctl = new Systemctl(server);
    systemctl.http.listen(0, '127.0.0.1');
    await once(systemctl.http, 'listening');
    const { port } = systemctl.http.address() as AddressInfo;
    const file = join(bin, 'systemctl');
    await mkdir(bin, { recursive: true });
    const asks = `curl -sS --fail-with-body "http://127.0.0.1:${port}/$1/$2"`;
    await writeFile(file, `#!/bin/sh\nexec ${asks}\n`);
    await chmod(file, 0o755);
    return systemctl;
  }

  private constructor(private readonly server: NatsServer) {}

  close(): void {
    this.http.close();
  }

  private act(url: string | undefined): Promise<void> {
    if (url === '/stop/nats-server') return this.server.stop();
    if (url === '/start/nats-server') return this.server.restart();
    return Promise.reject(new Error(`no such command: ${url}`));
  }
}
