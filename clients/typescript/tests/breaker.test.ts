import { beforeEach, expect, test } from 'vitest';
import { CircuitBreakerManager, CircuitOpenError, type CircuitState } from '../src/breaker/index.js';

const clock = { now: 0 };
let manager: CircuitBreakerManager;
const options = { failureThreshold: 3, resetTimeout: 30_000 };
const failing = () => Promise.reject(new Error('down'));
const working = () => Promise.resolve('ok');

beforeEach(() => {
  clock.now = 1_000;
  manager = new CircuitBreakerManager(() => clock.now);
});

async function trip() {
  for (let i = 0; i < 3; i++) await expect(manager.execute('api', failing, options)).rejects.toThrow('down');
}

function pending<T>() {
  let settle!: { resolve: (value: T) => void; reject: (error: unknown) => void };
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
}

test('three failures in a row open the circuit and the next call is not made', async () => {
  await trip();
  let called = false;
  const refused = manager.execute('api', () => void (called = true), options);
  await expect(refused).rejects.toEqual(new CircuitOpenError('api', 30_000));
  expect(called).toBe(false);
  expect(manager.getStats()['api']).toEqual({ state: 'open', failures: 3, succeeded: 0, failed: 3, refused: 1, retryAfterMs: 30_000 });
});

test('a success between failures starts the count over', async () => {
  for (let i = 0; i < 5; i++) {
    await expect(manager.execute('api', failing, options)).rejects.toThrow('down');
    await expect(manager.execute('api', failing, options)).rejects.toThrow('down');
    await manager.execute('api', working, options);
  }
  expect(manager.getStats()['api']?.state).toBe('closed');
});

test('after the reset timeout exactly one probe passes, and its success closes the circuit', async () => {
  await trip();
  clock.now += 30_000;
  const probe = pending<string>();
  const first = manager.execute('api', () => probe.promise, options);
  await expect(manager.execute('api', working, options)).rejects.toBeInstanceOf(CircuitOpenError);
  expect(manager.getStats()['api']?.state).toBe('half-open');
  probe.resolve('alive');
  expect(await first).toBe('alive');
  expect(await manager.execute('api', working, options)).toBe('ok');
  expect(manager.getStats()['api']?.state).toBe('closed');
});

test('a failed probe opens the circuit again for the whole timeout', async () => {
  await trip();
  clock.now += 30_000;
  await expect(manager.execute('api', failing, options)).rejects.toThrow('down');
  expect(manager.getStats()['api']).toMatchObject({ state: 'open', retryAfterMs: 30_000 });
});

test('a probe that never ends holds the others back for one reset timeout, and its late outcome changes nothing', async () => {
  await trip();
  clock.now += 30_000;
  const lost = pending<string>();
  const first = manager.execute('api', () => lost.promise, options);
  clock.now += 29_999;
  await expect(manager.execute('api', working, options)).rejects.toBeInstanceOf(CircuitOpenError);
  clock.now += 1;
  const second = pending<string>();
  const next = manager.execute('api', () => second.promise, options);
  lost.reject(new Error('late'));
  await expect(first).rejects.toThrow('late');
  expect(manager.getStats()['api']?.state).toBe('half-open');
  second.resolve('ok');
  await next;
  expect(manager.getStats()['api']?.state).toBe('closed');
});

test('a success that began before the circuit opened does not close it', async () => {
  const early = pending<string>();
  const call = manager.execute('api', () => early.promise, options);
  await trip();
  early.resolve('ok');
  expect(await call).toBe('ok');
  expect(manager.getStats()['api']?.state).toBe('open');
});

test('an aborted call counts neither way, and an aborted probe lets the next call probe', async () => {
  const abort = async () => {
    const controller = new AbortController();
    const call = manager.execute('api', (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))), {
      ...options,
      signal: controller.signal,
    });
    controller.abort();
    await expect(call).rejects.toThrow('abort');
  };
  for (let i = 0; i < 5; i++) await abort();
  expect(manager.getStats()['api']).toMatchObject({ state: 'closed', failures: 0, failed: 0 });
  await trip();
  clock.now += 30_000;
  await abort();
  expect(await manager.execute('api', working, options)).toBe('ok');
});

test('a signal that is already aborted makes no call', async () => {
  let called = false;
  await expect(manager.execute('api', () => void (called = true), { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  expect(called).toBe(false);
});

test('an error that does not count is a proof of life', async () => {
  const isFailure = (error: unknown) => !(error instanceof RangeError);
  for (let i = 0; i < 5; i++) {
    await expect(manager.execute('api', () => Promise.reject(new RangeError('404')), { ...options, isFailure })).rejects.toThrow('404');
  }
  expect(manager.getStats()['api']).toMatchObject({ state: 'closed', failures: 0 });
});

test('circuits are apart from each other, and reset closes the named one or all', async () => {
  await trip();
  manager.sync({ breakers: [{ name: 'other', state: 'open', retryAfterMs: 5_000 }] });
  expect(await manager.execute('third', working)).toBe('ok');
  manager.reset('api');
  expect(manager.getStats()).toMatchObject({ api: { state: 'closed', failed: 0 }, other: { state: 'open', retryAfterMs: 5_000 } });
  manager.reset();
  expect(manager.getStats()['other']?.state).toBe('closed');
});

test('every transition is told once, and a listener that throws keeps it from nobody', async () => {
  const seen: [string, CircuitState][] = [];
  const uncaught = pending<unknown>();
  process.once('uncaughtException', uncaught.resolve);
  const off = manager.onChange(() => {
    off();
    throw new Error('listener');
  });
  manager.onChange((...change) => seen.push(change));
  await trip();
  clock.now += 30_000;
  await manager.execute('api', working, options);
  await Promise.resolve();
  expect(seen).toEqual([
    ['api', 'open'],
    ['api', 'half-open'],
    ['api', 'closed'],
  ]);
  expect(await uncaught.promise).toEqual(new Error('listener'));
});

test('the defaults are three failures and thirty seconds', async () => {
  for (let i = 0; i < 3; i++) await expect(manager.execute('api', failing)).rejects.toThrow('down');
  await expect(manager.execute('api', working)).rejects.toEqual(new CircuitOpenError('api', 30_000));
});

test('what is open at the gateway is open here, under the name this page uses', async () => {
  manager.sync({ breakers: [{ name: 'orders', state: 'open', retryAfterMs: 12_000 }] }, '/api/');
  await expect(manager.execute('/api/orders', working)).rejects.toEqual(new CircuitOpenError('/api/orders', 12_000));
  clock.now += 12_000;
  expect(await manager.execute('/api/orders', working)).toBe('ok');
});

test('what is closed at the gateway is closed here, and counts from zero', async () => {
  await trip();
  manager.sync({ breakers: [{ name: 'api', state: 'closed', retryAfterMs: null }] });
  await expect(manager.execute('api', failing, options)).rejects.toThrow('down');
  expect(manager.getStats()['api']).toMatchObject({ state: 'closed', failures: 1 });
});

test('while the gateway probes, one call probes here too', async () => {
  await trip();
  manager.sync({ breakers: [{ name: 'api', state: 'half-open', retryAfterMs: null }] });
  const probe = pending<string>();
  const first = manager.execute('api', () => probe.promise, options);
  await expect(manager.execute('api', working, options)).rejects.toBeInstanceOf(CircuitOpenError);
  probe.resolve('ok');
  await first;
  expect(manager.getStats()['api']?.state).toBe('closed');
});

test('the news that nothing has changed does not lose what calls under way have to say', async () => {
  const calls = [0, 1, 2].map(() => pending<string>());
  const made = calls.map((call) => manager.execute('api', () => call.promise, options));
  manager.sync({ breakers: [{ name: 'api', state: 'closed', retryAfterMs: null }] });
  calls.forEach((call) => call.reject(new Error('down')));
  await Promise.allSettled(made);
  expect(manager.getStats()['api']?.state).toBe('open');
});
