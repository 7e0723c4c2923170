/** Traces by OpenTelemetry's API; without a registered SDK nothing is traced, and nothing costs. */
export { apart, carriedContext, continuing } from './carried-context.js';
export { openSpan, spanned, type Ids, type OpenSpan } from './spanned.js';
