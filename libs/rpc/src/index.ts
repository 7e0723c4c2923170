/** Requests on the bus and their answers, by the table of endpoints. */
export { ask, tell } from './ask.js';
export { EndpointServer } from './endpoint-server.js';
export { hear } from './hear.js';
export { tellAlive } from './tell-alive.js';
export { serve, type EndpointLogger } from './serve.js';
