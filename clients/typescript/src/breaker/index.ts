export { CircuitOpenError } from './circuit.js';
export { CircuitBreakerManager, circuitBreakerManager, type CircuitListener } from './manager.js';
export type { CircuitOptions, CircuitState, CircuitStats, ServerBreakers } from './options.js';
