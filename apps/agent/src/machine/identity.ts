export { identify, type Identity } from '#agency';
