/** A problem document (RFC 9457), as the gateway answers errors of `/api`. */
export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
}

/**
 * Who failed: `network` nobody answered, `timeout` nobody answered in time, `aborted` the caller gave up, `circuit-open` the call
 * was not made, `token` no access token could be had, `http` an answer with an error status, `invalid` an answer that is not JSON.
 */
export type ApiErrorKind = 'network' | 'timeout' | 'aborted' | 'circuit-open' | 'token' | 'http' | 'invalid';

/** Why a request has no result. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The status of the answer, when there was one. */
  readonly status?: number;
  /** What the answer said about itself, when it was a problem document. */
  readonly problem?: Problem;
  /** When trying again makes sense, in milliseconds, where that is known. */
  readonly retryAfterMs?: number;

  constructor(
    readonly kind: ApiErrorKind,
    message: string,
    details: { status?: number; problem?: Problem | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    if (details.status !== undefined) this.status = details.status;
    if (details.problem !== undefined) this.problem = details.problem;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}
