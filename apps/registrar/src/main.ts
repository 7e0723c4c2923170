import { runService } from '#service-runtime';
import { startRegistrar } from './start-registrar.js';

await runService(() => startRegistrar(process.env));
