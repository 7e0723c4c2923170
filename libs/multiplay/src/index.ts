/** What Multiplay's clients and files want, made of Berth's names: ids, and command lines. */
export { CommandLineInvalid, lineOf, wordsOf } from './command-line.js';
export { formerId, guidOf, isGuid, numberOf, numericId, type GuidKind } from './ids.js';
