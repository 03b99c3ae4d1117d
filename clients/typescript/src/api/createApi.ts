import { CircuitOpenError } from '../breaker/circuit.js';
import { circuitBreakerManager } from '../breaker/manager.js';
import type { CircuitOptions } from '../breaker/options.js';
import { ApiError } from './apiError.js';
import { readAnswer } from './readAnswer.js';

/** Settings of {@link createApi}. */
export interface ApiOptions {
  /** What every path is appended to, such as `/api`. */
  readonly baseUrl: string;
  /** How long a request may take, in milliseconds. Default 15,000. */
  readonly timeoutMs?: number;
  /** The bearer token, asked for at each request. */
  readonly accessToken?: () => string | Promise<string>;
  /** How the circuits of this API behave. */
  readonly circuit?: Pick<CircuitOptions, 'failureThreshold' | 'resetTimeout'>;
}

/** One request. */
export interface ApiRequest {
  /** Default `GET`, or `POST` when there is a body. */
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** The circuit this request belongs to. Default: `baseUrl` and the first segment of the path, such as `/api/orders`. */
  readonly circuit?: string;
}

/** Requests through the circuit breakers of this page. */
export interface Api {
  /**
   * Makes a request and reads its JSON answer (`undefined` for an empty one).
   * @throws ApiError always and only: its `kind` says who failed.
   */
  request<T>(path: string, request?: ApiRequest): Promise<T>;
}

/** A small JSON client whose requests go through {@link circuitBreakerManager}, one circuit per route. */
export function createApi(options: ApiOptions): Api {
  const base = options.baseUrl.replace(/\/$/, '');
  return {
    async request<T>(path: string, request: ApiRequest = {}): Promise<T> {
      const target = `${base}/${path.replace(/^\//, '')}`;
      const circuit = request.circuit ?? `${base}/${/^\/?([^/?#]*)/.exec(path)?.[1] ?? ''}`;
      const token = await readToken(options);
      try {
        return await circuitBreakerManager.execute(circuit, () => exchange<T>(target, request, options, token), {
          ...options.circuit,
          signal: request.signal,
          isFailure: countsAgainstRoute,
        });
      } catch (error) {
        if (error instanceof CircuitOpenError) {
          throw new ApiError('circuit-open', error.message, { retryAfterMs: error.retryAfterMs, cause: error });
        }
        if (!(error instanceof ApiError)) throw new ApiError('aborted', 'the request was aborted', { cause: error });
        // The gateway's own breaker of this route is open: believe it, rather than find out in three calls of our own.
        const { status, retryAfterMs } = error;
        if (status === 503 && retryAfterMs) circuitBreakerManager.sync({ breakers: [{ name: circuit, state: 'open', retryAfterMs }] });
        throw error;
      }
    },
  };
}

async function readToken(options: ApiOptions): Promise<string | undefined> {
  try {
    return await options.accessToken?.();
  } catch (cause) {
    throw new ApiError('token', 'accessToken failed', { cause });
  }
}

async function exchange<T>(target: string, request: ApiRequest, options: ApiOptions, token?: string): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 15_000;
  // Not `AbortSignal.any`, which is younger than the browsers that this package is for.
  const giveUp = new AbortController();
  const abort = (): void => giveUp.abort(request.signal?.reason);
  const timer = setTimeout(() => giveUp.abort(), timeoutMs);
  request.signal?.addEventListener('abort', abort);
  const hasBody = request.body !== undefined;
  try {
    const response = await fetch(target, {
      method: request.method ?? (hasBody ? 'POST' : 'GET'),
      headers: {
        accept: 'application/json',
        ...(hasBody && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...request.headers,
      },
      body: hasBody ? JSON.stringify(request.body) : null,
      signal: giveUp.signal,
    });
    return await readAnswer<T>(response);
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    if (request.signal?.aborted) throw new ApiError('aborted', 'the request was aborted', { cause });
    if (giveUp.signal.aborted) throw new ApiError('timeout', `no answer within ${timeoutMs} ms`, { cause });
    throw new ApiError('network', cause instanceof Error ? cause.message : String(cause), { cause });
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', abort);
  }
}

/** An answer below 500 is a proof of life, whatever it says about this request. */
function countsAgainstRoute(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === undefined || error.status >= 500;
}
