import { numberOf } from '#multiplay';
import type { Catalogue } from '../../api/builds/catalogue.js';
import { Problem, invalid } from '../../http/problems.js';
import type { Regions } from '../../api/slots/regions.js';
import type { SlotView } from '../../api/slots/slot-view.js';
import type { IdKind, MultiplayIds } from './ids.js';

/** Number of valid names that the log shows beside a wrong id. */
const SHOWN_MAX = 8;

/**
 * Finds the names for Multiplay's ids. Players may see the text of its `Problem`s, so the names
 * that exist go into the log only.
 */
export class Directory {
  /** All names there ever were, by kind and region. A name that is not found is looked up again. */
  private readonly indexes = new Map<string, ReadonlyMap<string, string>>();

  constructor(
    readonly ids: MultiplayIds,
    private readonly view: SlotView,
    private readonly regions: Regions,
    private readonly catalogue: Catalogue,
    /** The region of requests that name none. */
    private readonly defaultRegion: string | undefined,
  ) {}

  /** Fleets with slots that the caller may see. */
  fleets(): ReadonlySet<string> {
    return this.offered('fleet');
  }

  fleet(id: string): string {
    const name =
      this.known('fleet', '', id) ?? this.renewed('fleet', '', this.offered('fleet'), id);
    if (name !== undefined) return name;
    this.regions.requireAll();
    const known = shown(this.fleets(), (fleet) => this.ids.guid('fleet', fleet));
    throw new Problem(404, 'unknown-fleet', 'no fleet has this id', { log: `${id}, not ${known}` });
  }

  /** @param id missing or empty if a matchmaker knows no regions: the operator's default is used */
  region(id: string | null | undefined): string {
    const { names } = this.regions;
    if (!id) return this.regionOfNobody();
    const name = this.ids.mapped('region', id) ?? this.renewed('region', '', names, id);
    if (name !== undefined) {
      this.regions.requireShown(name);
      return name;
    }
    const known = shown(names, (region) => this.ids.guid('region', region));
    throw invalid('regionId: no region has this id', { log: `${id}, not ${known}` });
  }

  private regionOfNobody(): string {
    const [only, ...more] = this.regions.names;
    const region = this.defaultRegion ?? (more.length === 0 ? only : undefined);
    if (region === undefined) {
      throw invalid('regionId: is missing or empty, and this gateway has no default region');
    }
    this.regions.requireShown(region);
    return region;
  }

  async buildConfiguration(id: string, region: string): Promise<string> {
    const kind = 'build-configuration';
    const offered = () => this.offered('buildConfiguration', region);
    // Allocators are asked last: a request can be published even if none is running.
    const found = this.known(kind, region, id) ?? this.renewed(kind, region, offered(), id);
    if (found !== undefined) return this.unambiguous(found, id, region);
    const names = await this.buildConfigurations(region);
    const set = this.renewed(kind, region, names, id);
    if (set !== undefined) return this.unambiguous(set, id, region);
    const known = shown(names, (each) => String(this.ids.buildConfiguration(each)));
    const detail = 'buildConfigurationId: no build configuration of the region has this id';
    throw invalid(detail, { log: `${id} in ${region}, not ${known}` });
  }

  /**
   * Ids are hashes of 31 bits. If two names have the same id, the error asks the operator to map
   * one.
   */
  private unambiguous(name: string, id: string, region: string): string {
    if (name === id || this.ids.mapped('build-configuration', id) !== undefined) return name;
    const names = new Set(this.indexes.get(`build-configuration ${region}`)?.values());
    const others = [...names].filter((other) => other !== name && numberOf(other) === id);
    if (others.length === 0) return name;
    const log = `${id} is ${[name, ...others].join(' and ')}; map one of them in MULTIPLAY_IDS`;
    throw invalid('buildConfigurationId: several build configurations have this id', { log });
  }

  /**
   * The build configurations of a region: those that are set, and those that its agents are set to.
   */
  async buildConfigurations(region: string): Promise<ReadonlySet<string>> {
    const set = await this.catalogue.configurations(region);
    const names = set.map(({ id }) => id.slice(region.length + 1));
    return new Set([...names, ...this.offered('buildConfiguration', region)]);
  }

  private known(kind: IdKind, region: string, id: string): string | undefined {
    const index = this.indexes.get(`${kind} ${region}`);
    return this.ids.mapped(kind, id) ?? index?.get(id) ?? index?.get(id.toLowerCase());
  }

  private renewed(
    kind: IdKind,
    region: string,
    names: Iterable<string>,
    id: string,
  ): string | undefined {
    const key = `${kind} ${region}`;
    const before = this.indexes.get(key) ?? [];
    this.indexes.set(key, new Map([...before, ...this.ids.index(kind, names)]));
    return this.known(kind, region, id);
  }

  private offered(what: 'fleet' | 'buildConfiguration', region?: string): Set<string> {
    const names = new Set<string>();
    for (const offer of this.view.offers({ region })) names.add(offer[what]);
    return names;
  }
}

function shown(names: Iterable<string>, idOf: (name: string) => string): string {
  const all = [...names];
  const some = all.slice(0, SHOWN_MAX).map((name) => `${name} (${idOf(name)})`);
  return all.length === 0 ? 'none' : some.join(', ') + (all.length > SHOWN_MAX ? ' and more' : '');
}
