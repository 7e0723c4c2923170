export { PAUSES_MS, Reporter } from '#agency';
