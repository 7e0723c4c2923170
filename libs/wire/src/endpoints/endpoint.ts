import type { z } from 'zod';
import { SubjectTemplate } from '../subjects/subject-template.js';

/** Who speaks and listens on the bus. Permissions are granted by role. */
export type Role =
  | 'allocator'
  | 'agent'
  | 'registrar'
  | 'gateway'
  /** A matchmaker, or another program of the game's developers. */
  | 'client'
  | 'operator'
  /** Reads the history and changes nothing. */
  | 'auditor';

interface Described {
  /** What the message is, for the documentation. */
  readonly description: string;
}

/** A question on core NATS with an answer: a request and its reply. */
export interface Asked<
  Template extends string = string,
  Request extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> extends Described {
  readonly kind: 'asked';
  readonly subject: SubjectTemplate<Template>;
  readonly request: Request;
  /**
   * Every answer schema includes a refusal, with at least `invalid`, `not-ready` and `timed-out`.
   */
  readonly answer: Answer;
  readonly askedBy: readonly Role[];
  readonly servedBy: Role;
  /** One member of the group answers; without a group, the subject has a single server. */
  readonly queue?: string;
  /** The answer, or a refusal, is sent within this time (ms); the requester waits that long. */
  answerMs(request: z.input<Request>): number;
  readonly example: { readonly request: z.input<Request>; readonly answer: z.input<Answer> };
}

/** A message on core NATS that nobody answers; it may be lost. */
export interface Told<
  Template extends string = string,
  Message extends z.ZodType = z.ZodType,
> extends Described {
  readonly kind: 'told';
  readonly subject: SubjectTemplate<Template>;
  readonly message: Message;
  readonly toldBy: readonly Role[];
  readonly heardBy: readonly Role[];
  /** One member of the group hears the message; without a group, every subscriber does. */
  readonly queue?: string;
  readonly example: z.input<Message>;
}

/** The kinds of JetStream streams; every region has one of each. */
export type StreamKind =
  'SLOTS' | 'FLEETS' | 'MACHINES' | 'CONFIGURATIONS' | 'REQUESTS' | 'OUTCOMES' | 'KEYS';

/** A message that a stream keeps. */
export interface Stored<
  Template extends string = string,
  Message extends z.ZodType = z.ZodType,
> extends Described {
  readonly kind: 'stored';
  readonly subject: SubjectTemplate<Template>;
  readonly message: Message;
  /** Media type of the message; `application/json` if missing. */
  readonly mediaType?: string;
  readonly stream: StreamKind;
  readonly writtenBy: readonly Role[];
  readonly readBy: readonly Role[];
  /** Who listens to `live.<subject>`, if the stream republishes what it stores on core NATS. */
  readonly repeatedTo?: readonly Role[];
  readonly example?: z.input<Message>;
}

export type Endpoint = Asked | Told | Stored;

type Row<E extends Endpoint, Template extends string> = Omit<E, 'kind' | 'subject' | 'answerMs'> & {
  readonly subject: Template;
};

export function asked<
  const Template extends string,
  Request extends z.ZodType,
  Answer extends z.ZodType,
>({
  answerMs,
  ...row
}: Row<Asked<Template, Request, Answer>, Template> & {
  readonly answerMs: number | ((request: z.input<Request>) => number);
}): Asked<Template, Request, Answer> {
  return {
    ...row,
    kind: 'asked',
    subject: new SubjectTemplate(row.subject),
    answerMs: typeof answerMs === 'number' ? () => answerMs : answerMs,
  };
}

export function told<const Template extends string, Message extends z.ZodType>(
  row: Row<Told<Template, Message>, Template>,
): Told<Template, Message> {
  return { ...row, kind: 'told', subject: new SubjectTemplate(row.subject) };
}

export function stored<const Template extends string, Message extends z.ZodType>(
  row: Row<Stored<Template, Message>, Template>,
): Stored<Template, Message> {
  return { ...row, kind: 'stored', subject: new SubjectTemplate(row.subject) };
}

/** The queue group of a region's allocators: each message goes to one of them. */
export const ALLOCATORS = 'allocators';

/** What all questions to allocators have in common. */
export const byAllocators = { servedBy: 'allocator', queue: ALLOCATORS } as const;

/** How long an allocator may take to answer what it records, with the way there and back (ms). */
export const RECORDED_MS = 15_000;
