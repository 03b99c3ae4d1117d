import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { closeCodes, isFinal } from '../src/protocol/codes.js';

const document = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const section = document.split('## Close codes')[1]?.split('\n## ')[0] ?? '';
const documented = [...section.matchAll(/^\| (\d{4}) \| `([a-z-]+)` \|/gm)].map((row) => [row[2], Number(row[1])]);

test('the close codes are those of docs/protocol.md', () => {
  expect(documented.length).toBeGreaterThan(0);
  expect(Object.entries(closeCodes)).toEqual(documented);
});

test('4500 and above is final, everything else welcomes a reconnect', () => {
  for (const [name, code] of documented) expect(isFinal(String(name))).toBe(Number(code) >= 4500);
  expect(isFinal('a reason of a later version')).toBe(false);
});
