export { Heartbeat } from '#agency';
