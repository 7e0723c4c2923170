/** The ids that Multiplay's clients want, made of Berth's names: the same to games as to matchmakers. */
export { guidOf, isGuid, numberOf, numericId, type GuidKind } from './ids.js';
