import { Unparsable } from '#kernel';
import { parse } from '#wire';
import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { invalid } from './problems.js';

/** Lets through what fits the schema, parsed; anything else is the requester's mistake. */
export class SchemaPipe<T> implements PipeTransform<unknown, T> {
  constructor(readonly schema: z.ZodType<T>) {}

  transform(value: unknown): T {
    if (value === undefined || value === null) {
      throw invalid('a JSON body is required, with the header "Content-Type: application/json"');
    }
    try {
      return parse(this.schema, value);
    } catch (error) {
      if (error instanceof Unparsable) throw invalid(error.message);
      throw error;
    }
  }
}
