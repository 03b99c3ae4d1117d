import { Circuit } from './circuit.js';
import type { CircuitOptions, CircuitState, CircuitStats, ServerBreakers } from './options.js';

/** Hears of a circuit's transition. */
export type CircuitListener = (name: string, state: CircuitState) => void;

/** Circuit breakers by name. A page has one, {@link circuitBreakerManager}; more exist only where a test wants its own clock. */
export class CircuitBreakerManager {
  readonly #circuits = new Map<string, Circuit>();
  readonly #listeners = new Set<CircuitListener>();

  constructor(readonly now: () => number = Date.now) {}

  /**
   * Runs `fn` unless the circuit is open. After `failureThreshold` failures in a row it opens for `resetTimeout`; then one call
   * passes as a probe while the others are still refused, and its outcome closes or opens the circuit again.
   * @throws CircuitOpenError when the call was refused; whatever `fn` throws otherwise.
   */
  execute<T>(name: string, fn: (signal?: AbortSignal) => T | Promise<T>, options: CircuitOptions = {}): Promise<T> {
    return this.#circuit(name).run(fn, options);
  }

  /** Every circuit as it is now, by name. */
  getStats(): Record<string, CircuitStats> {
    return Object.fromEntries([...this.#circuits].map(([name, circuit]) => [name, circuit.stats]));
  }

  /** Closes one circuit, or all of them, and counts from zero again. */
  reset(name?: string): void {
    for (const circuit of this.#circuits.values()) if ((name ?? circuit.name) === circuit.name) circuit.reset();
  }

  /** Opens a circuit for `forMs` because somebody else knows better, such as a gateway that answered 503 with `Retry-After`. */
  open(name: string, forMs: number): void {
    this.#circuit(name).become('open', forMs);
  }

  /**
   * Takes over what the gateway's own breakers say, so that all tabs agree: a circuit that is open there is open here, and one that is
   * closed there is closed here. While the gateway probes (`half-open`) a circuit stays as it is.
   * @param source the address, such as `/breakers`, or its answer.
   * @param prefix what stands before the gateway's names in this page's, such as `/api/` for those of `createApi({ baseUrl: '/api' })`.
   * @throws Error when the gateway does not answer with 200; then nothing changes.
   */
  async sync(source: string | ServerBreakers, prefix = ''): Promise<void> {
    const { breakers } = typeof source === 'string' ? await ask(source) : source;
    for (const { name, state, retryAfterMs } of breakers) {
      const circuit = this.#circuit(prefix + name);
      if (state === 'open' || (state === 'closed' && circuit.stats.state === 'open')) circuit.become(state, retryAfterMs ?? 0);
    }
  }

  /** Calls `listener` shortly after each transition; the returned function ends that. */
  onChange(listener: CircuitListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #circuit(name: string): Circuit {
    let circuit = this.#circuits.get(name);
    if (!circuit) {
      circuit = new Circuit(name, this.now, (state) => {
        // Each in a turn of its own: one that throws keeps the event from nobody.
        for (const listener of this.#listeners) queueMicrotask(() => listener(name, state));
      });
      this.#circuits.set(name, circuit);
    }
    return circuit;
  }
}

async function ask(url: string): Promise<ServerBreakers> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return (await answer.json()) as ServerBreakers;
}

/** The circuit breakers of this page. */
export const circuitBreakerManager = new CircuitBreakerManager();
