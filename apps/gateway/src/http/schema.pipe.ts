import { Unparsable } from '#kernel';
import { parse, parseJson } from '#json';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { JsonBody } from './json-body.js';
import { invalid } from './problems.js';

/** Lets through what fits the schema, parsed; anything else is the requester's mistake. */
export class SchemaPipe<T> implements PipeTransform<unknown, T> {
  /** What it is parsed with: the schema, or one that takes more. */
  protected readonly reads: z.ZodType<T>;

  constructor(readonly schema: z.ZodType<T>) {
    this.reads = schema;
  }

  transform(value: unknown): T {
    if (isMissing(value)) {
      throw invalid('the body is empty; a JSON body is required');
    }
    try {
      return value instanceof JsonBody
        ? parseJson(this.reads, value.text)
        : parse(this.reads, value);
    } catch (error) {
      if (error instanceof Unparsable) throw invalid(error.message);
      throw error;
    }
  }
}

function isMissing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (value instanceof JsonBody && /^\s*(null\s*)?$/.test(value.text))
  );
}
