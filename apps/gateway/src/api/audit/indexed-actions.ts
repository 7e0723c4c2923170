import { ACTIONS_MAX, type ActionsIndexed } from '#wire';
import { Problem } from '../../http/problems.js';
import type { AuditIndex } from '../audit-index/audit-index.js';
import type { Wanted } from './actions.js';

/** Finds actions in the index of an auditor, which may end before the log does. */
export class IndexedActions {
  constructor(private readonly index: AuditIndex) {}

  /**
   * The actions behind a place, in the order of the log, at most 200. Undefined where no auditor answers.
   */
  async find(
    region: string,
    { limit, ...wanted }: Wanted,
    after: number,
  ): Promise<Extract<ActionsIndexed, { status: 'actions' }> | undefined> {
    try {
      return await this.index.actions(region, {
        ...wanted,
        after,
        limit: Math.min(limit, ACTIONS_MAX),
      });
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }
}
