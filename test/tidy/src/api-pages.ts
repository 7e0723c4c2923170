import { accessPage as pageOf } from '../../../apps/gateway/src/auth/access-page.js';
import { defaultDocuments } from '../../../apps/gateway/src/openapi/default-documents.js';
import { errorsPage } from '../../../apps/gateway/src/openapi/errors-page.js';

/** The HTTP API, to generate clients from. */
export function openApiPage(): string {
  return `${JSON.stringify(defaultDocuments.openApi, null, 2)}\n`;
}

/** Who may do what. */
export function accessPage(): string {
  return pageOf(defaultDocuments.routes);
}

/** The same for those who speak NATS. */
export function asyncApiPage(): string {
  return `${JSON.stringify(defaultDocuments.asyncApi, null, 2)}\n`;
}

export { errorsPage };
