/** 96 random bits in hexadecimal. (`crypto.randomUUID` exists in secure contexts only.) */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
