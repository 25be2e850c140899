// The 21 digits of the QR code, made on the phone without a connection. The server knows the same recipe:
// src/incust/customers/rotating_code.py describes it.

export const STEP_MS = 30_000;

export function stepAt(nowMs) {
  return Math.floor(nowMs / STEP_MS);
}

/** `key`: an HMAC-SHA256 key of WebCrypto that holds the device's secret. */
export async function rotatingCode(deviceNumber, key, step) {
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(String(step))));
  let value = 0;
  for (let i = 0; i < 6; i += 1) value = value * 256 + mac[i];
  const body = `7${deviceNumber}${String(value % 1_000_000_000).padStart(9, "0")}`;
  return body + luhnDigit(body);
}

export function luhnDigit(digits) {
  let total = 0;
  [...digits].reverse().forEach((digit, position) => {
    const doubled = Number(digit) * (position % 2 === 0 ? 2 : 1);
    total += doubled > 9 ? doubled - 9 : doubled;
  });
  return String((10 - (total % 10)) % 10);
}
