import { version } from '#service-runtime';
import type { Route } from '../routes.js';
import { auditExamples } from './audit.js';
import { auditIndexExamples } from './audit-index.js';
import type { Examples } from './example.js';
import { installationExamples } from './installation.js';
import { inventoryExamples } from './inventory.js';
import { multiplayExamples } from './multiplay.js';
import { sessionExamples } from './sessions.js';

const about: Examples = {
  root_root: {
    answers: { 200: { name: 'berth-gateway', version, links: { slots: '/v1/slots' } } },
  },
  documents_openApi: { answers: { 200: { openapi: '3.1.0', info: { title: 'Berth', version } } } },
  documents_asyncApi: {
    answers: { 200: { asyncapi: '3.0.0', info: { title: 'Berth on NATS', version } } },
  },
  health_healthz: { answers: { 200: { status: 'ok' } } },
  health_readyz: { answers: { 200: { status: 'ready' } } },
};

/**
 * Examples of every operation; a test checks that none is missing, and that they fit the schemas.
 */
const EXAMPLES: Examples = {
  ...about,
  ...sessionExamples,
  ...inventoryExamples,
  ...installationExamples,
  ...auditExamples,
  ...auditIndexExamples,
  ...multiplayExamples,
};

/** A sample body: the schema's own example, if it has one. */
export function bodyExample(route: Route): unknown {
  const own = route.body?.meta()?.['examples'] as unknown[] | undefined;
  return own?.[0] ?? exampleOf(route)?.body;
}

export function answerExample(route: Route, status: number): unknown {
  return exampleOf(route)?.answers?.[status];
}

/** All paths of one handler share its examples. */
function exampleOf({ operationId }: Route) {
  return EXAMPLES[operationId.replace(/_\d+$/, '')];
}
