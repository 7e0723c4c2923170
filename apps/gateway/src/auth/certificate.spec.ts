import { ManualClock } from '#memory';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { TestGateway } from '../../test/support/gateway.js';

/** Self-signed certificates for localhost with their keys, for this test only. */
const FIXTURES = 'apps/gateway/test/support/certificate';

let folder: string;
let gateway: TestGateway | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-certificate-'));
  await install('');
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  await rm(folder, { recursive: true });
});

const cert = () => join(folder, 'cert.pem');
const key = () => join(folder, 'key.pem');

async function install(prefix: string): Promise<void> {
  await copyFile(`${FIXTURES}/${prefix}cert.pem`, cert());
  await copyFile(`${FIXTURES}/${prefix}key.pem`, key());
}

/** The subject of the gateway's certificate, as seen by a client that trusts only this one. */
async function subjectShown(prefix: string): Promise<string> {
  const ca = await readFile(`${FIXTURES}/${prefix}cert.pem`);
  return new Promise((resolve, reject) => {
    const request = get(
      `https://localhost:${gateway!.port}/healthz`,
      { ca, agent: false },
      (response: IncomingMessage) => {
        const { subject } = (response.socket as TLSSocket).getPeerCertificate();
        response.resume().once('end', () => resolve(String(subject.CN)));
      },
    );
    request.once('error', reject);
  });
}

describe('A gateway with a certificate', () => {
  const clock = new ManualClock();
  beforeEach(async () => {
    gateway = await TestGateway.start({ HTTPS_CERT: cert(), HTTPS_KEY: key() }, { clock });
  });

  it('speaks HTTPS', async () => {
    expect(await subjectShown('')).toBe('test fixture of Berth');
  });

  it('does not speak HTTP', async () => {
    await expect(fetch(`http://127.0.0.1:${gateway!.port}/healthz`)).rejects.toThrow();
  });

  it('uses a renewed one without a restart, and keeps the old one while the files are broken', async () => {
    await writeFile(cert(), 'half a certif');
    clock.advance(10_000);
    expect(await subjectShown('')).toBe('test fixture of Berth');
    await install('renewed-');
    let shown = '';
    while (shown === '') {
      clock.advance(10_000);
      shown = await subjectShown('renewed-').catch(() => '');
    }
    expect(shown).toBe('renewed test fixture of Berth');
  });
});

describe('A gateway whose certificate cannot be used', () => {
  it('does not start without a key', async () => {
    await expect(TestGateway.start({ HTTPS_CERT: cert() })).rejects.toThrow(
      'for HTTPS set both, HTTPS_CERT and HTTPS_KEY',
    );
  });

  it('does not start if the key does not match', async () => {
    await copyFile(`${FIXTURES}/renewed-key.pem`, key());
    await expect(TestGateway.start({ HTTPS_CERT: cert(), HTTPS_KEY: key() })).rejects.toThrow(
      'HTTPS_CERT and HTTPS_KEY cannot be used',
    );
  });
});
