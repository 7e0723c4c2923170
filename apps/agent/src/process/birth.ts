export { birthOf, isAlive, parseBorn, type Born } from '#agency';
