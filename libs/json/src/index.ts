/** JSON that is read by a schema, and JSON that is carried as it was written. */
export { decodeJson, encodeJson, parse, parseJson } from './json.js';
export { JsonText, printJson } from './json-text.js';
export { jsonText } from './schema.js';
