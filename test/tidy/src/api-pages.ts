import { accessPage as pageOf } from '../../../apps/gateway/src/auth/access-page.js';
import { defaultDocuments } from '../../../apps/gateway/src/openapi/default-documents.js';
import { errorsPage } from '../../../apps/gateway/src/openapi/errors-page.js';

/** The OpenAPI document of the HTTP API, for client generators. */
export function openApiPage(): string {
  return `${JSON.stringify(defaultDocuments.openApi, null, 2)}\n`;
}

/** The page on who may do what. */
export function accessPage(): string {
  return pageOf(defaultDocuments.routes);
}

/** The AsyncAPI document of the API over NATS. */
export function asyncApiPage(): string {
  return `${JSON.stringify(defaultDocuments.asyncApi, null, 2)}\n`;
}

export { errorsPage };
