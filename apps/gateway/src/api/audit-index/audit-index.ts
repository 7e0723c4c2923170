import type { Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints, type ActionsRequest, type ClaimsRequest, type IndexState } from '#wire';
import { answeredBy, timedOut } from '../../answered.js';
import { notReady } from '../../http/problems.js';

/** The index of past allocations, which auditors keep. Methods throw `Problem`. */
export class AuditIndex {
  constructor(private readonly bus: Bus) {}

  async find(region: string, request: ClaimsRequest) {
    return served(await answered(ask(this.bus, endpoints.indexedClaims, { region }, request)));
  }

  async actions(region: string, request: ActionsRequest) {
    return served(await answered(ask(this.bus, endpoints.indexedActions, { region }, request)));
  }

  async state(region: string): Promise<IndexState> {
    return served(await answered(ask(this.bus, endpoints.indexState, { region }, {}))).index;
  }

  /** Begins to build the index anew; the old one answers meanwhile. */
  async rebuild(region: string): Promise<IndexState> {
    return served(await answered(ask(this.bus, endpoints.rebuildIndex, { region }, {}))).index;
  }
}

function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  return answeredBy(asked, {
    who: 'auditor',
    nobody: () => notReady('no auditor is running for this region'),
    late: () => timedOut('no auditor answered in time; narrow the question'),
  });
}

function served<Answer extends { readonly status: string }>(
  answer: Answer | { readonly status: 'refused'; readonly message: string },
): Exclude<Answer, { readonly status: 'refused' }> {
  if (answer.status !== 'refused') return answer as Exclude<Answer, { readonly status: 'refused' }>;
  throw notReady((answer as { readonly message: string }).message);
}
