import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Target } from '../../fuzz/src/target.js';
import { BrowserPage, describeInBrowser } from './browser.js';

let folder: string;
let target: Target;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-explorer-'));
  target = await Target.start(folder);
}, 60_000);
afterAll(async () => {
  await target.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => fetch(`http://127.0.0.1:${target.port}${path}`);

/** In place of names in paths: of a region's build, slot or fleet, and of Multiplay's ids. */
const NAME = 'local.harbour';

/** What these tests read of the document. */
interface Documented {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly example?: object }>>;
  };
}

describe('The API explorer', () => {
  it('loads everything from the gateway itself', async () => {
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const html = await page.text();
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) {
      const { pathname } = new URL(part, page.url);
      const answer = await get(pathname);
      expect([pathname, answer.status]).toEqual([pathname, 200]);
      await answer.arrayBuffer();
    }
  });

  it('shows the document, and lets no other host validate it', async () => {
    const document: unknown = await (await get('/openapi.json')).json();
    expect(await (await get('/docs/json')).json()).toEqual(document);
    const kept: unknown = JSON.parse(await readFile('docs/generated/openapi.json', 'utf8'));
    expect(document).toEqual(kept);
    const initializer = await (await get('/docs/static/swagger-initializer.js')).text();
    expect(initializer).toContain('"validatorUrl":null');
  });

  it("carries Berth's name", async () => {
    const html = await (await get('/docs')).text();
    expect(html).toContain('<title>Berth API</title>');
    const initializer = await (await get('/docs/static/swagger-initializer.js')).text();
    const [, logo = ''] = /data:image\/svg\+xml;base64,([\w+/=]+)/.exec(initializer) ?? [];
    expect(Buffer.from(logo, 'base64').toString()).toContain('>Berth</text>');
  });

  it('has an example for each request with a body, which can be sent twice', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as Documented;
    const all = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody }]) => {
        const content = requestBody?.content['application/json'];
        return content === undefined ? [] : [{ path, method, example: content.example }];
      }),
    );
    expect(all.length).toBeGreaterThan(15);
    for (const { path, method, example } of all) {
      const url = path.replace('{address}', '192.0.2.1:7777').replaceAll(/\{\w+\}/g, NAME);
      const send = async () => {
        const headers = { 'content-type': 'application/json' };
        const init = { method: method.toUpperCase(), headers, body: JSON.stringify(example) };
        return (await fetch(`http://127.0.0.1:${target.port}${url}`, init)).status;
      };
      const statuses = [await send(), await send()];
      const invalid = statuses.filter((status) => [400, 409, 415, 422, 500].includes(status));
      expect({ path, invalid }).toEqual({ path, invalid: [] });
    }
  }, 120_000);

  it('answers 404 for a missing file', async () => {
    const answer = await get('/docs/static/nothing.js');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'unknown-route' });
  });
});

describeInBrowser('The page in a browser', (program) => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await BrowserPage.open(program, join(folder, 'browser'));
    await page.visit(`http://127.0.0.1:${target.port}/docs`);
  }, 60_000);
  afterAll(() => page.close());

  it('lists every operation', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as { paths: object };
    const operations = Object.values(paths).flatMap((found: object) => Object.keys(found));
    const all = `document.querySelectorAll('.opblock').length >= ${operations.length}`;
    expect(await page.read(`${all} ? document.querySelectorAll('.opblock').length : null`)).toBe(
      operations.length,
    );
  }, 60_000);

  it('sends a request with the example in the document', async () => {
    expect(await tried('#operations-about-health_healthz')).toBe('200');
    expect(await tried('#operations-requests-requests_publish')).toBe('202');
  }, 60_000);

  it('asks no other host, and logs no errors', () => {
    const hosts = page.asked
      .filter((url) => !/^(data|blob|about):/.test(url))
      .map((url) => new URL(url).host);
    expect(hosts.length).toBeGreaterThan(4);
    expect(new Set(hosts)).toEqual(new Set([`127.0.0.1:${target.port}`]));
    expect(page.errors).toEqual([]);
  });

  /** The status of the gateway's answer to the request that the page sends. */
  async function tried(operation: string): Promise<unknown> {
    await page.click(`${operation} .opblock-summary-control`);
    await page.click(`${operation} .try-out__btn`);
    await page.click(`${operation} .execute`);
    const status = `${operation} .live-responses-table tbody .response-col_status`;
    return page.read(`document.querySelector('${status}')?.textContent.trim()`);
  }
});
