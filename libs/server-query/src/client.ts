import { isIP } from 'node:net';
import { Inquiry } from './inquiry.js';
import type { Later, QueryOutcome, Question } from './question.js';

/** Most questions at once, each with a socket of its own. A further one is not asked. */
const QUESTIONS_MAX = 4_096;

/** Asks many servers at once. */
export class QueryClient {
  private readonly underWay = new Set<Inquiry>();

  constructor(private readonly later: Later) {}

  /** Never throws: every failure of a server or of the network is an outcome. */
  async ask(question: Question): Promise<QueryOutcome> {
    const { host } = question;
    if (isIP(host) === 0) return notAsked(`${host} is no IP address`);
    if (this.underWay.size >= QUESTIONS_MAX) return notAsked('too many queries are running');
    const inquiry = new Inquiry(question, this.later);
    this.underWay.add(inquiry);
    try {
      return await inquiry.outcome;
    } finally {
      this.underWay.delete(inquiry);
    }
  }

  close(): void {
    for (const inquiry of this.underWay) inquiry.close();
  }
}

function notAsked(reason: string): QueryOutcome {
  return { kind: 'not-asked', reason };
}
