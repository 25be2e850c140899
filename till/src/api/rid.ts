/** A new request id: 32 hex characters, unguessable. Kept by the caller when a mutation is repeated. */
export function newRid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
