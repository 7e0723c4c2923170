import { version } from '#service-runtime';
import { SUBJECT_USES } from '#wire';
import type { Type } from '@nestjs/common';
import type { ErrorDialect } from '../dialects/error-dialect.js';
import { asyncApiDocument, type AsyncApiDocument } from './async-api.js';
import { openApiDocument, type OpenApiDocument } from './open-api.js';
import { routesOf, type Route } from './routes.js';

/** The documents of a gateway, generated from its controllers once. */
export class Documents {
  readonly routes: readonly Route[];
  readonly openApi: OpenApiDocument;
  /** The document for clients that use NATS. */
  readonly asyncApi: AsyncApiDocument;

  constructor(controllers: readonly Type[], faces: readonly ErrorDialect[]) {
    this.routes = routesOf(controllers);
    const failures = faces.map((face) => ({
      ...face.failure,
      tag: face.tag,
      owns: (path: string) => face.owns(path),
    }));
    this.openApi = openApiDocument(this.routes, failures, version);
    this.asyncApi = asyncApiDocument(SUBJECT_USES, version);
  }
}
