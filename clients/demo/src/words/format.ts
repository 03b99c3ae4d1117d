const number = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const count = (value: number): string => number.format(value);

/** A number and a noun whose plural has an s. */
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** A moment, in Unix milliseconds, as hours, minutes and seconds. */
export const time = (at: number): string => clock.format(at);

/** How long, in the two largest units. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${count(Math.floor(seconds / 3_600))} h ${Math.floor(seconds / 60) % 60} min`;
}

/** What is left until a moment; rounded up, so that 0 means due. */
export function countdown(until: number, now: number): string {
  const seconds = Math.ceil((until - now) / 1_000);
  return seconds > 0 ? `in ${seconds} s` : 'any moment';
}

/** The first bytes as rows of sixteen: offset, hexadecimal digits and ASCII. */
export function hex(bytes: Uint8Array, limit: number): string {
  const rows: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, limit); at += 16) {
    const row = [...bytes.subarray(at, Math.min(at + 16, limit))];
    const digits = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ').padEnd(47);
    const ascii = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
    rows.push(`${at.toString(16).padStart(4, '0')}  ${digits}  ${ascii}`);
  }
  return rows.join('\n');
}
