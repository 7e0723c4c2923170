import {
  Condition,
  errorMessage,
  type Bus,
  type BusMessage,
  type Cancel,
  type Clock,
} from '#kernel';
import { elapsedNs } from '#service-runtime';
import { continuing, spanned } from '#tracing';
import { encodeJson, sentRefusal, type Asked, type Tokens } from '#wire';
import type { z } from 'zod';
import { EndpointRecord } from './endpoint-record.js';
import { idsOf, outcomeOf } from './ids.js';
import { received, type InRegion } from './received.js';
import { errorIn, refusal, refusalOf } from './refusal.js';

/**
 * A handler gets this much longer than the endpoint's `answerMs`, so that its own verdict comes
 * first (ms).
 */
const GRACE_MS = 250;

/**
 * What fails is logged again, and what succeeds again is logged, after this long without a failure
 * (ms).
 */
export const CALM_MS = 10_000;

/** Gets the errors of requests that could not be served. */
export interface EndpointLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ServeOptions {
  readonly clock: Clock;
  readonly logger: EndpointLogger;
  /** How many questions of this endpoint may be under way; one more is refused. */
  readonly underWayMax?: number;
}

/** Answers one question. If it throws, the answer is a refusal. */
export type Handler<
  Template extends string,
  Request extends z.ZodType,
  Answer extends z.ZodType,
> = (
  request: InRegion<z.output<Request>>,
  tokens: Tokens<Template>,
) => z.output<Answer> | Promise<z.output<Answer>>;

/** An endpoint that is being served. */
export interface Served {
  readonly record: EndpointRecord;
  close(): void;
}

/**
 * Serves an endpoint: each question gets one answer, which may be a refusal, by the endpoint's
 * `answerMs` plus 250 ms.
 *
 * @param at the tokens of the subject to serve; tokens left out match anything
 */
export function serve<Template extends string, Request extends z.ZodType, Answer extends z.ZodType>(
  bus: Bus,
  endpoint: Asked<Template, Request, Answer>,
  at: Partial<Tokens<Template>>,
  handler: Handler<Template, Request, Answer>,
  options: ServeOptions,
): Served {
  const { kind, filter } = { kind: endpoint.subject.kind, filter: endpoint.subject.filter(at) };
  const record = new EndpointRecord(kind, filter, endpoint.queue);
  const server = new Server(endpoint, handler, options, record);
  const receive = (message: BusMessage) => server.receive(message);
  const { queue } = endpoint;
  const subscription = bus.subscribe(filter, receive, queue === undefined ? {} : { queue });
  return { record, close: () => subscription.close() };
}

class Server<Template extends string, Request extends z.ZodType, Answer extends z.ZodType> {
  private underWay = 0;
  private readonly failing: Condition;

  constructor(
    private readonly endpoint: Asked<Template, Request, Answer>,
    private readonly handler: Handler<Template, Request, Answer>,
    private readonly options: ServeOptions,
    private readonly record: EndpointRecord,
  ) {
    this.failing = new Condition(options.logger, options.clock, {
      ...{ begins: 'a request failed', ends: 'requests no longer fail', level: 'error' },
      ...{ fields: { endpoint: endpoint.subject.kind }, calmMs: CALM_MS },
    });
  }

  /** Never throws. */
  receive(message: BusMessage): void {
    const question = new Question(message, this.record);
    const { underWayMax = Infinity } = this.options;
    try {
      if (this.underWay >= underWayMax) return question.answer(BUSY);
      const { subject, request: schema } = this.endpoint;
      const { message: request, tokens } = received(subject, schema, message);
      const about = {
        kind: 'server',
        ids: () => idsOf(tokens, request),
        outcome: outcomeOf,
      } as const;
      const answer = continuing(message.carried, () =>
        spanned(`serve ${subject.kind}`, about, () => this.handler(request, tokens)),
      );
      if (answer instanceof Promise) void this.await(question, request, answer);
      else this.succeed(question, answer);
    } catch (error) {
      this.fail(question, error);
    }
  }

  private async await(
    question: Question,
    request: z.output<Request>,
    answer: Promise<z.output<Answer>>,
  ): Promise<void> {
    const cancel = this.deadline(question, this.endpoint.answerMs(request as z.input<Request>));
    this.underWay += 1;
    try {
      this.succeed(question, await answer);
    } catch (error) {
      this.fail(question, error);
    } finally {
      this.underWay -= 1;
      cancel();
    }
  }

  private deadline(question: Question, answerMs: number): Cancel {
    return this.options.clock.after(answerMs + GRACE_MS, () =>
      question.answer(refusal('timed-out', `no verdict within ${answerMs} ms; ask again`)),
    );
  }

  private succeed(question: Question, answer: z.output<Answer>): void {
    question.answer(answer);
    this.failing.pass();
  }

  private fail(question: Question, error: unknown): void {
    const refused = refusalOf(error);
    if (refused.code !== 'invalid') {
      this.failing.fail(errorMessage(error), { subject: question.subject, error });
    }
    question.answer(refused);
  }
}

/** A question until it is answered. */
class Question {
  private readonly since = elapsedNs();
  private isAnswered = false;

  constructor(
    private readonly message: BusMessage,
    private readonly record: EndpointRecord,
  ) {}

  get subject(): string {
    return this.message.subject;
  }

  /** Sends the first answer and ignores any other. Throws if the answer cannot be sent. */
  answer(answer: unknown): void {
    if (this.isAnswered) return;
    const error = errorIn(answer);
    this.message.respond(encodeJson(sentRefusal(answer)), error?.headers);
    this.isAnswered = true;
    this.record.note(elapsedNs() - this.since, error?.text);
  }
}

const BUSY = refusal('not-ready', 'too many requests at the same time; ask again');
