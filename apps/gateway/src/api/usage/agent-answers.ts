import { answeredBy } from '../../answered.js';
import { Problem, notReady } from '../../http/problems.js';

type Refusal = { readonly status: 'refused'; readonly message: string };

/** What an agent answers; throws a `Problem` if it refuses, or does not answer. */
export async function fromAgent<Answer>(
  asked: Promise<Answer | Refusal>,
): Promise<Exclude<Answer, Refusal>> {
  const answer = await answeredBy(asked, { who: 'agent', nobody: away, late: away });
  if (isRefusal(answer)) throw new Problem(502, 'bad-answer', answer.message);
  return answer as Exclude<Answer, Refusal>;
}

function away(): Problem {
  return notReady('the agent of the slot does not answer; `berth agents` shows whether it is lost');
}

function isRefusal(answer: unknown): answer is Refusal {
  return (answer as Partial<Refusal>).status === 'refused';
}
