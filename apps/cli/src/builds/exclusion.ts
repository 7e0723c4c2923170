import ignore from 'ignore';

/** What of a folder is left out of a build, by patterns as a .gitignore has them. */
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

  /** Everything so far that it leaves out; a folder, with a slash at its end, stands for all in it. */
  get leftOut(): readonly string[] {
    return this.found;
  }

  /** Patterns that nothing has matched so far. */
  get idle(): readonly string[] {
    return this.single.map(({ pattern }) => pattern).filter((pattern) => !this.used.has(pattern));
  }

  /** @param path within the folder, with slashes; with one at its end where it is a folder */
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
