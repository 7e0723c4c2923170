/** JSON that is read by a schema, and JSON that is carried as it was written. */
export {
  decodeJson,
  decodeKnown,
  encodeJson,
  parse,
  parseJson,
  readJson,
  readText,
} from './json.js';
export { textAt } from './keep-text.js';
export { JsonText, printJson } from './json-text.js';
export { Prints } from './prints.js';
export { placesOf, type Places } from './places.js';
export { jsonText } from './schema.js';
