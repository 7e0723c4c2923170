/** Ids and command lines as Multiplay's clients and files have them, made from Berth's names. */
export { CommandLineInvalid, lineOf, wordsOf } from './command-line.js';
export {
  formerId,
  guidOf,
  isGuid,
  NUMERIC_ID_MAX,
  numberOf,
  numericId,
  slotIds,
  type GuidKind,
} from './ids.js';
