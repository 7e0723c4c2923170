import { formerId, guidOf, numberOf, type GuidKind } from '#multiplay';
import type { Aliases } from './multiplay.settings.js';

/** The kinds of things that matchmakers name by ids. */
export type IdKind = 'region' | 'fleet' | 'build-configuration';

/**
 * Berth's names under the ids that Multiplay's clients know: ids that the operator mapped, and ids
 * computed from the names. A name also stands for itself.
 */
export class MultiplayIds {
  /** By kind and name; if several ids are mapped to one name, answers use the first. */
  private readonly ids = new Map<string, string>();
  private readonly names = new Map<string, string>();

  constructor(aliases: Aliases) {
    this.map('region', aliases.regions);
    this.map('fleet', aliases.fleets);
    this.map('build-configuration', aliases.buildConfigurations);
  }

  guid(kind: GuidKind, name: string): string {
    return this.ids.get(`${kind} ${name}`) ?? guidOf(kind, name);
  }

  buildConfiguration(name: string): number {
    return Number(this.ids.get(`build-configuration ${name}`) ?? numberOf(name));
  }

  /** The name to which the operator mapped an id. */
  mapped(kind: IdKind, id: string): string | undefined {
    return this.names.get(`${kind} ${id.toLowerCase()}`);
  }

  /**
   * Names by all of their ids. Ids are in lower case; a name itself, as written, takes precedence.
   */
  index(kind: IdKind, names: Iterable<string>): ReadonlyMap<string, string> {
    const index = new Map<string, string>();
    const all = [...names];
    for (const name of all) {
      if (kind === 'build-configuration') index.set(formerId(name), name);
    }
    for (const name of all) {
      index.set(kind === 'build-configuration' ? numberOf(name) : guidOf(kind, name), name);
    }
    for (const name of all) index.set(name, name);
    return index;
  }

  isFleet(id: string, name: string): boolean {
    const wanted = id.toLowerCase();
    return id === name || wanted === guidOf('fleet', name) || this.mapped('fleet', wanted) === name;
  }

  private map(kind: IdKind, aliases: Readonly<Record<string, string>>): void {
    for (const [id, name] of Object.entries(aliases)) {
      this.names.set(`${kind} ${id.toLowerCase()}`, name);
      const key = `${kind} ${name}`;
      if (!this.ids.has(key)) this.ids.set(key, id.toLowerCase());
    }
  }
}
