import { Unparsable } from '#kernel';
import { parse, parseJson } from '#json';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { JsonBody } from './json-body.js';
import { invalid } from './problems.js';

/** Parses a value by the schema; throws a 400 `Problem` if it does not fit. */
export class SchemaPipe<T> implements PipeTransform<unknown, T> {
  /** The schema that parses: `schema`, or one that accepts more. */
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
