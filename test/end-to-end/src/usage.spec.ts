import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';

/** There is no nats-server at this URL, so a service that tries to start fails. */
const environment = { PATH: process.env['PATH'], NATS_URL: 'nats://127.0.0.1:1' };

function run(service: string, ...words: readonly string[]) {
  const main = `dist/apps/${service}/src/main.js`;
  const options = { env: environment, encoding: 'utf8', timeout: 15_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], options);
  return { status, stdout, stderr };
}

describe.each([
  ['allocator', 'BERTH_REPLICAS'],
  ['gateway', 'HTTP_PORT'],
  ['agent', 'BERTH_COMMAND'],
  ['registrar', 'BERTH_LEASE_S'],
])('The %s', (service, setting) => {
  it('lists its settings and does not start if it is asked for help', () => {
    const { status, stdout, stderr } = run(service, '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`  ${setting}\n`);
  });

  it('does not start with an unknown argument', () => {
    const { status, stdout, stderr } = run(service, '--regions', 'eu');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('unknown argument "--regions"');
  });
});
