export { readJson, readText, writeInPlace, writeWhole } from '#agency';
