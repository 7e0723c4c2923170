import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { ProblemCode } from '../http/errors.js';

const DESCRIPTION = 'berth:description';

/** One answer of a route: its schema, or what it is where it is no JSON. */
export type AnswerDescription =
  z.ZodType | { readonly mediaType: string; readonly says: string; readonly schema?: z.ZodType };

/** What the document of the API says of a route beyond what its parameters and pipes say. */
export interface Description {
  /** One line, as a command. */
  readonly summary: string;
  /** Whatever else somebody who uses the route should know. */
  readonly detail?: string;
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Headers of good answers, and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Codes of the refusals that are its own; those of any route come by themselves. */
  readonly refusals?: readonly ProblemCode[];
  /** Whether it shows what the gateway has read from the log, which may be away or behind. */
  readonly reads?: boolean;
  /** Whether an allocator is asked, which may be away. */
  readonly asks?: boolean;
}

/**
 * Describes a route for the generated document. Path, query, body and headers are not repeated
 * here: they are read from the controller's own decorators and the schemas of its pipes.
 */
export function Describes(description: Description): MethodDecorator {
  return SetMetadata(DESCRIPTION, description);
}

export function descriptionOf(handler: object): Description | undefined {
  return Reflect.getMetadata(DESCRIPTION, handler) as Description | undefined;
}
