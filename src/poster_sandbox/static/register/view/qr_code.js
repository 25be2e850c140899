// QR codes as ISO/IEC 18004 draws them: bytes, error correction level M, versions 1 to 10, mask 0 to 7 by penalty.

import { correctionOf } from './qr_correction.js';
import { bestMasked, drawFunctionPatterns, emptyMatrix, placeBits } from './qr_matrix.js';

// Per version from 1: [data codewords per block of group 1, blocks, data codewords of group 2, blocks, correction per block]
const LEVEL_M = [
  [16, 1, 0, 0, 10],
  [28, 1, 0, 0, 16],
  [44, 1, 0, 0, 26],
  [32, 2, 0, 0, 18],
  [43, 2, 0, 0, 24],
  [27, 4, 0, 0, 16],
  [31, 4, 0, 0, 18],
  [38, 2, 39, 2, 22],
  [36, 3, 37, 2, 22],
  [43, 4, 44, 1, 26],
];
const BYTE_MODE = 0b0100;
const PADDING = [0xec, 0x11];

/** Rows of booleans (true = dark) for the text, in the smallest version that holds it. Throws RangeError above 213 bytes. */
export function encodeQr(text) {
  const bytes = new TextEncoder().encode(text);
  const version = LEVEL_M.findIndex((_, index) => bytes.length <= roomFor(index + 1)) + 1;
  if (!version) throw new RangeError(`${bytes.length} bytes do not fit a QR code of version 10.`);
  const codewords = interleaved(dataCodewords(bytes, version), LEVEL_M[version - 1]);
  const matrix = emptyMatrix(version);
  drawFunctionPatterns(matrix, version);
  placeBits(matrix, codewords);
  return bestMasked(matrix);
}

function dataCount(version) {
  const [size1, blocks1, size2, blocks2] = LEVEL_M[version - 1];
  return size1 * blocks1 + size2 * blocks2;
}

function countBits(version) {
  return version < 10 ? 8 : 16;
}

function roomFor(version) {
  return Math.floor((dataCount(version) * 8 - 4 - countBits(version)) / 8);
}

function dataCodewords(bytes, version) {
  const bits = [];
  const push = (value, length) => {
    for (let index = length - 1; index >= 0; index -= 1) bits.push((value >> index) & 1);
  };
  push(BYTE_MODE, 4);
  push(bytes.length, countBits(version));
  for (const byte of bytes) push(byte, 8);
  const capacity = dataCount(version) * 8;
  push(0, Math.min(4, capacity - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let index = 0; index < bits.length; index += 8)
    words.push(Number.parseInt(bits.slice(index, index + 8).join(''), 2));
  for (let index = 0; words.length < dataCount(version); index += 1) words.push(PADDING[index % 2]);
  return words;
}

function interleaved(words, [size1, blocks1, size2, blocks2, correction]) {
  const sizes = [...Array(blocks1).fill(size1), ...Array(blocks2).fill(size2)];
  let start = 0;
  const blocks = sizes.map((size) => words.slice(start, (start += size)));
  const corrections = blocks.map((block) => correctionOf(block, correction));
  const result = [];
  for (let index = 0; index < Math.max(size1, size2); index += 1) {
    for (const block of blocks) if (index < block.length) result.push(block[index]);
  }
  for (let index = 0; index < correction; index += 1) for (const block of corrections) result.push(block[index]);
  return result;
}
