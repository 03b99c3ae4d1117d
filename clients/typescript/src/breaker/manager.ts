import { Circuit, freshCounts } from './circuit.js';
import type { CircuitListener, CircuitOptions, CircuitStats, ServerBreakers } from './options.js';

/** Circuit breakers by name. A page has one, {@link circuitBreakerManager}; more exist only where a test wants its own clock. */
export class CircuitBreakerManager {
  readonly #circuits = new Map<string, Circuit>();
  readonly #listeners = new Set<CircuitListener>();

  constructor(readonly now: () => number = Date.now) {}

  /**
   * Runs `fn` unless the circuit is open. After `failureThreshold` failures in a row it opens for `resetTimeout`; then one call
   * passes as a probe while the others are still refused, and its outcome closes or opens the circuit again. `fn` is given
   * `options.signal`, or one that is never aborted.
   * @throws CircuitOpenError when the call was refused; whatever `fn` throws otherwise.
   */
  execute<T>(name: string, fn: (signal: AbortSignal) => T | Promise<T>, options?: CircuitOptions): Promise<T> {
    return this.#circuit(name).run(fn, options);
  }

  /** Every circuit as it is now, by name. */
  getStats(): Record<string, CircuitStats> {
    const stats: Record<string, CircuitStats> = {};
    for (const circuit of this.#circuits.values()) stats[circuit.name] = circuit.stats;
    return stats;
  }

  /** Closes one circuit, or all of them, and counts from zero again. */
  reset(name?: string): void {
    for (const circuit of this.#circuits.values()) if (!name || name === circuit.name) circuit.become('closed', 0, freshCounts());
  }

  /**
   * Takes over what the gateway's own breakers say, so that all tabs agree: each circuit becomes what it is there. Also for whoever else
   * knows better, such as a gateway that answered 503 with `Retry-After`.
   * @param snapshot the answer to `GET /breakers`.
   * @param prefix what stands before the gateway's names in this page's, such as `/api/` for those of `createApi({ baseUrl: '/api' })`.
   */
  sync({ breakers }: ServerBreakers, prefix = ''): void {
    for (const { name, state, retryAfterMs } of breakers) this.#circuit(prefix + name).become(state, retryAfterMs ?? 0);
  }

  /** Calls `listener` shortly after each transition; the returned function ends that. */
  onChange(listener: CircuitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #circuit(name: string): Circuit {
    let circuit = this.#circuits.get(name);
    if (!circuit) this.#circuits.set(name, (circuit = new Circuit(name, this.now, this.#listeners)));
    return circuit;
  }
}

/** The circuit breakers of this page. */
export const circuitBreakerManager = new CircuitBreakerManager();
