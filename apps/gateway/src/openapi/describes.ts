import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { ProblemCode } from '../http/errors.js';

const DESCRIPTION = 'berth:description';

/** One answer of a route: its schema, or a description if it is not JSON. */
export type AnswerDescription =
  z.ZodType | { readonly mediaType: string; readonly says: string; readonly schema?: z.ZodType };

/** What the API document says about a route in addition to its parameters and pipes. */
export interface Description {
  /** One line, in the third person: "Lists the slots". */
  readonly summary: string;
  /** Whatever else a user of the route should know. */
  readonly detail?: string;
  /** The media type of its body, if that is not JSON. */
  readonly takes?: string;
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerDescription>>;
  /** Headers of successful answers, and their meaning. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Codes of this route's own refusals; those that every route may give are added automatically.
   */
  readonly refusals?: readonly ProblemCode[];
  /** Whether it shows what the gateway has read from the log, which may be away or behind. */
  readonly reads?: boolean;
  /** Whether it asks an allocator, which may be away. */
  readonly asks?: boolean;
}

/**
 * Describes a route for the generated document. Path, query, body and headers are not repeated
 * here: they come from the controller's own decorators and the schemas of its pipes.
 */
export function Describes(description: Description): MethodDecorator {
  return SetMetadata(DESCRIPTION, description);
}

export function descriptionOf(handler: object): Description | undefined {
  return Reflect.getMetadata(DESCRIPTION, handler) as Description | undefined;
}
