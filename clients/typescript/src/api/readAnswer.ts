import { ApiError, type Problem } from './apiError.js';

/** The JSON of an answer, or the error it stands for. */
export async function readAnswer<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) {
    const problem = parseProblem(text, response.headers.get('content-type'));
    throw new ApiError('http', problem?.detail ?? problem?.title ?? `status ${response.status}`, {
      status: response.status,
      problem,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
    });
  }
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ApiError('invalid', 'the answer is not JSON', { status: response.status, cause });
  }
}

function parseProblem(text: string, contentType: string | null): Problem | undefined {
  if (!contentType?.includes('json')) return undefined;
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return undefined;
  }
}

/** `Retry-After` is a number of seconds or a date. */
function retryAfterMs(value: string | null): number | undefined {
  if (value === null) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return wait > 0 ? wait : undefined;
}
