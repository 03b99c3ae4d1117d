import { expect, test } from 'vitest';
import { comparePositions, formatPosition, parsePosition } from '../src/protocol/position.js';

const epoch = '00c3a1f09b7d2e44';

test('a position survives being written and read', () => {
  for (const offset of [0, 1, 17, Number.MAX_SAFE_INTEGER]) {
    expect(parsePosition(formatPosition({ epoch, offset }))).toEqual({ epoch, offset });
  }
});

test.each([undefined, null, '', 'x', `${epoch}-`, `${epoch}--1`, `${epoch}-01`, `${epoch}-1.5`, `${epoch.toUpperCase()}-1`, `${epoch}-9007199254740993`, ` ${epoch}-1`])(
  'what is not a position is none: %s',
  (text) => expect(parsePosition(text)).toBeUndefined(),
);

test('positions compare inside an epoch only', () => {
  const at = (offset: number, of = epoch) => ({ epoch: of, offset });
  expect(comparePositions(at(1), at(2))).toBeLessThan(0);
  expect(comparePositions(at(2), at(2))).toBe(0);
  expect(comparePositions(at(10), at(9))).toBeGreaterThan(0);
  expect(comparePositions(at(1), at(1, 'ffffffffffffffff'))).toBeUndefined();
});
