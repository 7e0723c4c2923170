import ignore from 'ignore';

/**
 * Decides which files of a folder are left out of a build, by patterns like those of a .gitignore.
 */
export class Exclusion {
  private readonly rules;
  private readonly single;
  private readonly used = new Set<string>();
  private readonly found: string[] = [];

  constructor(patterns: readonly string[] = []) {
    const rules = patterns.map((pattern) => ({ pattern }));
    this.rules = ignore({ ignorecase: false }).add(rules);
    this.single = rules.map((rule) => ({ ...rule, rule: ignore({ ignorecase: false }).add(rule) }));
  }

  /** Paths that were left out so far. A path that ends with a slash is a whole folder. */
  get leftOut(): readonly string[] {
    return this.found;
  }

  /** Patterns that have matched nothing so far. */
  get idle(): readonly string[] {
    return this.single.map(({ pattern }) => pattern).filter((pattern) => !this.used.has(pattern));
  }

  /** @param path relative to the folder, with slashes; a folder's path ends with a slash */
  leavesOut(path: string): boolean {
    for (const { pattern, rule } of this.single) {
      const { ignored, unignored } = rule.test(path);
      if (ignored || unignored) this.used.add(pattern);
    }
    const isLeftOut = this.rules.ignores(path);
    if (isLeftOut) this.found.push(path);
    return isLeftOut;
  }
}
