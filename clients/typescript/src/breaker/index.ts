export { CircuitOpenError } from './circuit.js';
export { CircuitBreakerManager, circuitBreakerManager } from './manager.js';
export type { CircuitListener, CircuitOptions, CircuitState, CircuitStats, ServerBreakers } from './options.js';
