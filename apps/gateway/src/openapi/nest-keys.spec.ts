import { describe, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseIntPipe,
  Put,
  Query,
  RequestMethod,
} from '@nestjs/common';
import { KIND, methodIn, parametersIn, pathsIn, statusIn } from './nest-keys.js';

@Controller(['boats', 'ships'])
class Harbour {
  @Put(':id')
  @HttpCode(202)
  moor(
    @Param('id', ParseIntPipe) _id: number,
    @Query() _query: object,
    @Body() _body: object,
    @Headers('if-match') _revision: string,
  ): void {
    return undefined;
  }

  @Get(['all', 'every'])
  all(): void {
    return undefined;
  }

  sink(): void {
    return undefined;
  }
}

/**
 * Reads the method as a plain property, so that the linter does not take it for an unbound call.
 */
const handler = (name: 'moor' | 'all' | 'sink') =>
  Object.getOwnPropertyDescriptor(Harbour.prototype, name)?.value as object;

/* If this fails after an update of Nest, find out where its decorators keep this data now. */
describe("The metadata of Nest's decorators", () => {
  it('has the paths of controllers and of handlers', () => {
    expect(pathsIn(Harbour)).toEqual(['boats', 'ships']);
    expect(pathsIn(handler('moor'))).toEqual([':id']);
    expect(pathsIn(handler('all'))).toEqual(['all', 'every']);
  });

  it('has method and status', () => {
    expect(methodIn(handler('moor'))).toBe(RequestMethod.PUT);
    expect(statusIn(handler('moor'))).toBe(202);
    expect(statusIn(handler('all'))).toBeUndefined();
    expect(methodIn(handler('sink'))).toBeUndefined();
  });

  it('has the parameters by kind, with their names and pipes', () => {
    const of = (kind: (typeof KIND)[keyof typeof KIND]) => parametersIn(Harbour, 'moor', kind);
    expect(of(KIND.param)).toMatchObject([{ data: 'id', pipes: [ParseIntPipe] }]);
    expect(of(KIND.headers)).toMatchObject([{ data: 'if-match' }]);
    expect([of(KIND.query), of(KIND.body)].map(({ length }) => length)).toEqual([1, 1]);
    expect(parametersIn(Harbour, 'all', KIND.query)).toEqual([]);
  });
});
