export { decodeJson, encodeJson, parse } from '#json';
