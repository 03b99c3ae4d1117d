import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApi } from '../src/api/index.js';
import { circuitBreakerManager } from '../src/breaker/index.js';

let server: Server;
let answer: RequestListener;
let requests: number;

beforeEach(async () => {
  requests = 0;
  circuitBreakerManager.reset();
  server = createServer((request, response) => {
    requests++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const api = (more: object = {}) => createApi({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, ...more });
const failure = (promise: Promise<unknown>) => promise.then(() => Promise.reject(new Error('should have failed')), (error: unknown) => error);

test('a request sends JSON with the token and reads JSON', async () => {
  answer = (request, response) => {
    const { method, url, headers } = request;
    let body = '';
    request.on('data', (chunk) => (body += chunk)).on('end', () => response.end(JSON.stringify({ method, url, auth: headers.authorization, body })));
  };
  const result = await api({ accessToken: () => 'secret' }).request<{ method: string }>('orders?x=1', { body: { a: 1 } });
  expect(result).toEqual({ method: 'POST', url: '/api/orders?x=1', auth: 'Bearer secret', body: '{"a":1}' });
});

test('an empty answer is undefined, one that is not JSON is invalid', async () => {
  answer = (_, response) => response.writeHead(204).end();
  expect(await api().request('/x')).toBeUndefined();
  answer = (_, response) => response.end('<html>');
  expect(await failure(api().request('/x'))).toMatchObject({ kind: 'invalid', status: 200 });
});

test('an error status carries its problem document', async () => {
  answer = (_, response) => response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"title":"no such order","status":404}');
  expect(await failure(api().request('/x'))).toMatchObject({ name: 'ApiError', kind: 'http', status: 404, message: 'no such order', problem: { status: 404 } });
});

test('answers below 500 never open the circuit; three of 500 and above do', async () => {
  answer = (_, response) => response.writeHead(400).end();
  for (let i = 0; i < 5; i++) await failure(api().request('/orders/1'));
  answer = (_, response) => response.writeHead(502).end();
  for (let i = 0; i < 3; i++) expect(await failure(api().request('/orders/2'))).toMatchObject({ kind: 'http', status: 502 });
  expect(await failure(api().request('/orders/3'))).toMatchObject({ kind: 'circuit-open', retryAfterMs: expect.any(Number) });
  expect(requests).toBe(8);
  answer = (_, response) => response.end('1');
  expect(await api().request('/users')).toBe(1);
});

test("the gateway's own open breaker (503 with Retry-After) opens the circuit at once for that long", async () => {
  answer = (_, response) => response.writeHead(503, { 'retry-after': '7' }).end();
  expect(await failure(api().request('/x'))).toMatchObject({ kind: 'http', status: 503, retryAfterMs: 7_000 });
  const refused = (await failure(api().request('/x'))) as { kind: string; retryAfterMs: number };
  expect(refused.kind).toBe('circuit-open');
  expect(refused.retryAfterMs).toBeGreaterThan(6_000);
  expect(refused.retryAfterMs).toBeLessThanOrEqual(7_000);
});

test('silence is a timeout, nobody there is a network error, and the caller who gives up is told so', async () => {
  answer = () => {};
  expect(await failure(api({ timeoutMs: 50 }).request('/x'))).toMatchObject({ kind: 'timeout' });
  const controller = new AbortController();
  answer = () => controller.abort();
  expect(await failure(api().request('/x', { signal: controller.signal }))).toMatchObject({ kind: 'aborted' });
  expect(await failure(api().request('/x', { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'aborted' });
  answer = (request) => request.socket.destroy();
  expect(await failure(api().request('/x'))).toMatchObject({ kind: 'network' });
});

test('the caller can give up and time runs out in browsers without AbortSignal.any too', async () => {
  const any = Object.getOwnPropertyDescriptor(AbortSignal, 'any')!;
  Reflect.deleteProperty(AbortSignal, 'any');
  try {
    const controller = new AbortController();
    answer = (_, response) => response.end('1');
    expect(await api().request('/x', { signal: controller.signal })).toBe(1);
    answer = () => {};
    expect(await failure(api({ timeoutMs: 50 }).request('/x', { signal: controller.signal }))).toMatchObject({ kind: 'timeout' });
    answer = () => controller.abort();
    expect(await failure(api().request('/x', { signal: controller.signal }))).toMatchObject({ kind: 'aborted' });
  } finally {
    Object.defineProperty(AbortSignal, 'any', any);
  }
});

test('a token that cannot be had fails the request and not the route', async () => {
  const error = await failure(api({ accessToken: () => Promise.reject(new Error('signed out')) }).request('/x'));
  expect(error).toMatchObject({ kind: 'token', cause: { message: 'signed out' } });
  expect(requests).toBe(0);
});
