import { createHash } from 'node:crypto';
import { eventually } from './berth-dev.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Markup, as a requester might put it into a payload or a name. */
export const SCRIPT = '<script>document.title = "led astray"</script>';

/** What the dashboard is to show, made over the API of one Berth. */
export class DashboardData {
  constructor(private readonly api: string) {}

  async ask(method: string, path: string, body?: object): Promise<Response> {
    const init = body && { headers: JSON_TYPE, body: JSON.stringify(body) };
    return await fetch(this.api + path, { method, ...init });
  }

  async allocate(allocationId: string, payload: object, wanted: object = {}) {
    const body = { region: 'local', allocationId, payload, ...wanted };
    return (await (await this.ask('POST', '/v1/allocations', body)).json()) as { slot: string };
  }

  async configure(name: string, executable: string): Promise<void> {
    const body = { configuration: { executable }, reason: 'a test' };
    await this.ask('PUT', `/v1/build-configurations/local.${name}`, body);
  }

  /** Sets what the sample's fleet runs. */
  async rollOut(buildConfiguration: string | null): Promise<void> {
    const body = { buildConfiguration, atATime: 1, reason: 'a test' };
    await this.ask('PUT', '/v1/fleets/local.sample/build-configuration', body);
  }

  /** Pushes a version of the build `harbour` with these files. */
  async push(files: Readonly<Record<string, string>>): Promise<void> {
    const listed = await Promise.all(
      Object.entries(files).map(async ([path, content]) => {
        const digest = await this.store(content);
        return { path, size: content.length, mode: 0o644, digest };
      }),
    );
    const manifest = await this.store(JSON.stringify({ files: listed }));
    const bytes = listed.reduce((sum, { size }) => sum + size, 0);
    const body = { manifest, files: listed.length, bytes, reason: 'a test', by: 'ann' };
    await this.ask('POST', '/v1/builds/local.harbour/versions', body);
  }

  /** Sets how many slots the machine of this Berth may have. */
  async limit(slotsMax: number): Promise<void> {
    await this.ask('PUT', '/v1/machines/local.dev/policy', { slotsMax, reason: 'a test' });
  }

  /** Takes as many slots out of service as there are directions. */
  async direct(...directions: readonly string[]): Promise<void> {
    const answer = await (await this.ask('GET', '/v1/slots?status=available')).json();
    const { slots } = answer as { readonly slots: readonly { readonly id: string }[] };
    for (const [n, direction] of directions.entries()) {
      const path = `/v1/slots/${slots[n]?.id}/directions`;
      await this.ask('POST', path, { direction, reason: 'a test' });
    }
  }

  /** Waits until so many slots are known. */
  async allSlots(count: number): Promise<void> {
    await eventually(async () => {
      const { slots } = (await (await this.ask('GET', '/v1/slots')).json()) as { slots: object[] };
      return slots.length >= count;
    }, 30_000);
  }

  /** One session that runs, one that is over, a refusal, and something to compare. */
  async fill(): Promise<{ readonly slot: string }> {
    const { slot } = await this.allocate('seen', { said: SCRIPT });
    await this.allocate('over', {});
    await this.ask('DELETE', '/v1/allocations/over?reason=the+match+is+over');
    await this.allocate('refused', {}, { attributes: { mode: 'none has it' } });
    for (const name of ['one', 'two']) await this.configure(name, `bin/${name}`);
    await this.push({ server: 'first', 'maps/docks': 'docks' });
    await this.push({ server: 'second', 'maps/quay': 'quay' });
    await this.limit(99);
    return { slot };
  }

  private async store(content: string): Promise<string> {
    const digest = createHash('sha256').update(content).digest('hex');
    const headers = { 'content-type': 'application/octet-stream' };
    const path = `${this.api}/v1/builds/local.harbour/files/${digest}`;
    await fetch(path, { method: 'PUT', headers, body: content });
    return digest;
  }
}

/** Every page: the list, and one thing of each kind. */
export const pagesWith = (slot: string): readonly string[] => [
  ...['', 'slots', `slots/${slot}`],
  ...['allocations', 'allocations/seen', 'allocations/refused'],
  ...['refusals', 'fleets', 'fleets/local.sample'],
  ...['builds', 'builds/local.harbour?from=1&to=2', 'configurations/local.one?with=local.two'],
  ...['machines', 'machines/local.dev', 'audit', 'installation', 'try'],
];
