import type { BuildFiles } from '#wire';
import type { GatewayDeps } from '../../gateway-deps.js';

type Files = Pick<BuildFiles, 'has' | 'put' | 'get'>;

/** The files of builds, by region; each store is opened once. */
export class FileStores {
  private readonly opened = new Map<string, Promise<Files>>();

  constructor(private readonly deps: Pick<GatewayDeps, 'openFiles'>) {}

  of(region: string): Promise<Files> {
    const known = this.opened.get(region);
    if (known !== undefined) return known;
    const opening = this.deps.openFiles(region);
    this.opened.set(region, opening);
    opening.catch(() => this.opened.delete(region));
    return opening;
  }
}
