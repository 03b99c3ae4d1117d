import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Outbox, outboxLimits } from '../src/page/outbox.js';
import type { Receipt } from '../src/page/receipt.js';
import type { SendOptions } from '../src/protocol/wire.js';

let outbox: Outbox;

beforeEach(() => {
  vi.useFakeTimers();
  outbox = new Outbox();
});

afterEach(() => vi.useRealTimers());

/** Offers a message; the list fills when it is answered. */
function offer(payload: string, options?: SendOptions): Receipt[] {
  const answers: Receipt[] = [];
  void outbox.offer(payload, options).then((receipt) => answers.push(receipt));
  return answers;
}
/** The gateway gets to know the client by its first message. */
function introduce(): void {
  offer('first');
  outbox.answer({ id: outbox.release()[0]!.id, status: 'sent' });
}
const settle = () => vi.advanceTimersByTimeAsync(0);
const sequence = ({ id }: { id: string }) => Number(id.split(':')[1]);

test('ids are contiguous from 1 in the order of the offers, and one client', () => {
  introduce();
  for (const text of ['a', 'b', 'c']) offer(text);
  const out = outbox.release();
  expect(out.map(({ payload }) => payload)).toEqual(['a', 'b', 'c']);
  expect(out.map(sequence)).toEqual([2, 3, 4]);
  offer('d');
  const [next] = outbox.release();
  expect(sequence(next!)).toBe(5);
  expect(next!.id.split(':')[0]).toBe(out[0]!.id.split(':')[0]);
  expect(next!.id).toMatch(/^[A-Za-z0-9_.-]{1,64}:[1-9]\d*$/);
});

test('until the first message of a client is answered the others wait', () => {
  for (const text of ['a', 'b', 'c']) offer(text);
  const [first, ...more] = outbox.release();
  expect([sequence(first!), more, outbox.release()]).toEqual([1, [], []]);
  expect(outbox.answer({ id: first!.id, status: 'queued' })).toBe(true);
  expect(outbox.release().map(sequence)).toEqual([2, 3]);
});

test('an unanswered message goes out again under its id, an answered one does not', async () => {
  introduce();
  const a = offer('a');
  const b = offer('b');
  const [first, second] = outbox.release();
  outbox.answer({ id: first!.id, status: 'sent' });
  await settle();
  expect(a).toEqual([{ id: first!.id, status: 'sent' }]);
  expect(b).toEqual([]);
  expect(outbox.again()).toEqual([second]);
  outbox.answer({ id: first!.id, status: 'rejected' });
  expect(a).toHaveLength(1);
});

test('the first message of a client never goes out again: a gateway that has lost its memory would send it twice', async () => {
  const lost = offer('lost');
  const next = offer('next');
  const [{ id } = { id: '' }] = outbox.release();
  expect(outbox.again()).toEqual([]);
  await settle();
  expect(lost).toEqual([{ id, status: 'unknown', reason: 'no-answer' }]);
  expect(next).toEqual([]);
  const [after] = outbox.release();
  expect([after!.payload, sequence(after!)]).toEqual(['next', 1]);
  expect(after!.id.split(':')[0]).not.toBe(id.split(':')[0]);
});

test('nor does one that the gateway keeps: how it ended is unknown', async () => {
  const kept = offer('kept');
  const [{ id } = { id: '' }] = outbox.release();
  outbox.answer({ id, status: 'queued' });
  await settle();
  expect(outbox.again()).toEqual([]);
  expect(await kept[0]!.final).toEqual({ id, status: 'unknown', reason: 'no-answer' });
});

test('whoever would rather have it twice than never has it sent again, under another client', async () => {
  const first = offer('first', { delivery: 'at-least-once' });
  const [before] = outbox.release();
  expect(outbox.again()).toEqual([]);
  const [after] = outbox.release();
  expect([after!.payload, sequence(after!)]).toEqual(['first', 1]);
  expect(after!.id).not.toBe(before!.id);
  const second = offer('second', { delivery: 'at-least-once' });
  outbox.answer({ id: after!.id, status: 'sent' });
  const [{ id } = { id: '' }] = outbox.release();
  expect(outbox.again().map((message) => message.id)).toEqual([id]);
  expect(outbox.answer({ id, status: 'rejected', reason: 'expected', expected: 1 })).toBe(true);
  const [again] = outbox.release();
  outbox.answer({ id: again!.id, status: 'sent' });
  await settle();
  expect([first, second].map(([receipt]) => receipt?.status)).toEqual(['sent', 'sent']);
});

test('what has been out and waits to go out again is unknown in the end, not expired', async () => {
  const answers = offer('a', { delivery: 'at-least-once' });
  outbox.release();
  outbox.again();
  await vi.advanceTimersByTimeAsync(outboxLimits.ttlMs);
  expect(answers).toEqual([{ status: 'unknown', reason: 'no-answer' }]);
});

test('a message that found no link in 60 s is expired; its successor keeps the sequence whole', async () => {
  const old = offer('old');
  await vi.advanceTimersByTimeAsync(30_000);
  const young = offer('young');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(old).toEqual([{ status: 'expired' }]);
  expect(young).toEqual([]);
  expect(outbox.release().map(sequence)).toEqual([1]);
});

test('a message that was out for 60 s without an answer is unknown, and the next one begins a new sequence', async () => {
  const lost = offer('lost');
  const [before] = outbox.release();
  await vi.advanceTimersByTimeAsync(outboxLimits.ttlMs);
  expect(lost).toEqual([{ id: before!.id, status: 'unknown', reason: 'no-answer' }]);
  expect(outbox.again()).toEqual([]);
  offer('next');
  const [after] = outbox.release();
  expect(sequence(after!)).toBe(1);
  expect(after!.id.split(':')[0]).not.toBe(before!.id.split(':')[0]);
});

test('the timer goes on for those that are left', async () => {
  offer('a');
  await vi.advanceTimersByTimeAsync(59_000);
  const b = offer('b');
  await vi.advanceTimersByTimeAsync(59_999);
  expect(b).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(b).toEqual([{ status: 'expired' }]);
});

test('the bounds hold for what waits and what is unanswered together, and make room again', async () => {
  for (let i = 0; i < outboxLimits.messages; i++) offer('x');
  const [first] = outbox.release();
  const refused = offer('one too many');
  await settle();
  expect(refused).toEqual([{ status: 'rejected', reason: 'queue-full' }]);
  outbox.answer({ id: first!.id, status: 'sent' });
  const taken = offer('fits now');
  await settle();
  expect(taken).toEqual([]);
});

test('a message above the size bound is refused for that, and several that exceed it together as well', async () => {
  const big = offer('x'.repeat(outboxLimits.size + 1));
  offer('x'.repeat(outboxLimits.size));
  const more = offer('x');
  await settle();
  expect(big).toEqual([{ status: 'rejected', reason: 'too-large' }]);
  expect(more).toEqual([{ status: 'rejected', reason: 'queue-full' }]);
});

test('closing answers everything: what never went out is rejected, the rest unknown', async () => {
  const out = offer('out');
  const [message] = outbox.release();
  const waiting = offer('waiting');
  outbox.close();
  await settle();
  expect(out).toEqual([{ id: message!.id, status: 'unknown', reason: 'closed' }]);
  expect(waiting).toEqual([{ status: 'rejected', reason: 'closed' }]);
});

test('queued is told at once and its end later, once, however often the gateway repeats itself', async () => {
  introduce();
  const answers = offer('a');
  const [{ id } = { id: '' }] = outbox.release();
  outbox.answer({ id, status: 'queued' });
  await settle();
  expect(answers).toEqual([expect.objectContaining({ id, status: 'queued' })]);
  const ends: Receipt[] = [];
  void answers[0]!.final?.then((receipt) => ends.push(receipt));
  expect(outbox.again().map((message) => message.id)).toEqual([id]);
  outbox.answer({ id, status: 'queued' });
  await settle();
  expect(ends).toEqual([]);
  outbox.answer({ id, status: 'sent' });
  outbox.answer({ id, status: 'unknown' });
  await settle();
  expect(answers).toHaveLength(1);
  expect(ends).toEqual([{ id, status: 'sent' }]);
  expect(outbox.again()).toEqual([]);
});

test('a gateway that has forgotten the client refuses: what was out once goes out again in order, as a new client from 1', async () => {
  introduce();
  const answers = ['a', 'b'].map((text) => offer(text));
  const [first, second] = outbox.release();
  expect(outbox.answer({ id: first!.id, status: 'rejected', reason: 'expected', expected: 1 })).toBe(true);
  const again = outbox.release();
  expect(outbox.answer({ id: second!.id, status: 'rejected', reason: 'expected', expected: 1 })).toBe(false);
  expect(outbox.answer({ id: again[0]!.id, status: 'sent' })).toBe(true);
  again.push(...outbox.release());
  expect(again.map(({ payload }) => payload)).toEqual(['a', 'b']);
  expect(again.map(sequence)).toEqual([1, 2]);
  expect(again[0]!.id.split(':')[0]).not.toBe(first!.id.split(':')[0]);
  outbox.answer({ id: again[1]!.id, status: 'sent' });
  await settle();
  expect(answers.map(([receipt]) => receipt?.status)).toEqual(['sent', 'sent']);
});

test('what may have reached the upstream before the gateway forgot is unknown, never sent twice', async () => {
  introduce();
  const repeated = offer('repeated');
  const queued = offer('queued');
  const [first, second] = outbox.release();
  outbox.answer({ id: second!.id, status: 'queued' });
  await settle();
  outbox.again();
  expect(outbox.answer({ id: first!.id, status: 'rejected', reason: 'expected', expected: 1 })).toBe(false);
  await settle();
  expect(repeated).toEqual([{ id: first!.id, status: 'unknown', reason: 'owner-lost' }]);
  expect(await queued[0]!.final).toEqual({ id: second!.id, status: 'unknown', reason: 'owner-lost' });
  expect(outbox.release()).toEqual([]);
});

test('an id whose answer the gateway no longer knows is unknown', async () => {
  const old = offer('old');
  const [{ id } = { id: '' }] = outbox.release();
  expect(outbox.answer({ id, status: 'rejected', reason: 'expected', expected: 300 })).toBe(false);
  await settle();
  expect(old).toEqual([{ id, status: 'unknown', reason: 'no-answer' }]);
});
