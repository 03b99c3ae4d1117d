/** Words and numbers as a reader sees them. */

const number = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** @param {number} value */
export const count = value => number.format(value);

/** @param {number} value @param {string} noun whose plural has an s */
export const plural = (value, noun) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** @param {number} at Unix milliseconds */
export const time = at => clock.format(at);

/** How long, in the two largest units. @param {number} ms */
export function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${count(Math.floor(s / 3600))} h ${Math.floor(s / 60) % 60} min`;
}

/** What is left until a moment; rounded up, so that 0 means due. @param {number} until @param {number} now */
export function countdown(until, now) {
  const s = Math.ceil((until - now) / 1000);
  return s > 0 ? `in ${s} s` : 'any moment';
}

/** @param {string} base64 */
export const bytesOf = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0));

/** The first bytes as rows of sixteen: offset, hex and ASCII. @param {Uint8Array} bytes @param {number} limit */
export function hex(bytes, limit) {
  const rows = [];
  for (let i = 0; i < Math.min(bytes.length, limit); i += 16) {
    const row = [...bytes.subarray(i, Math.min(i + 16, limit))];
    const digits = row.map(b => b.toString(16).padStart(2, '0')).join(' ').padEnd(47);
    const ascii = row.map(b => (b > 31 && b < 127 ? String.fromCharCode(b) : '·')).join('');
    rows.push(`${i.toString(16).padStart(4, '0')}  ${digits}  ${ascii}`);
  }
  return rows.join('\n');
}
