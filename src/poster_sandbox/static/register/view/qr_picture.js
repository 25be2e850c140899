import { encodeQr } from './qr_code.js';

const QUIET_ZONE = 4;
const CAPACITY_BYTES = 213; // of version 10 at level M, the largest drawn here

/** An SVG of the text's QR code; longer texts than fit are said so. */
export function qrPicture(text) {
  if (new TextEncoder().encode(text).length > CAPACITY_BYTES) {
    const note = document.createElement('p');
    note.textContent = 'The code is too long to be printed.';
    return note;
  }
  const modules = encodeQr(text);
  const size = modules.length + 2 * QUIET_ZONE;
  const path = modules
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET_ZONE} ${y + QUIET_ZONE}h1v1h-1z` : '')))
    .join('');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR code');
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  drawn.setAttribute('d', path);
  svg.append(drawn);
  return svg;
}
