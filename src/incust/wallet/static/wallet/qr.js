// A QR code of digits. The wallet's code has 21 of them, which is just what the smallest symbol carries at a high
// level of error correction: version 1 (21 by 21 modules), level Q, numeric mode, up to 27 digits. That is all there is.

export const SIZE = 21;
const DIGITS_MAX = 27;
const DATA_BYTES = 13;
const CHECK_BYTES = 13;
const LEVEL_Q = 0b11;

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** The symbol as rows of booleans (true is dark), with the mask that reads best, or with the one wished. */
export function encodeDigits(digits, wishedMask) {
  if (!/^[0-9]+$/.test(digits) || digits.length > DIGITS_MAX) throw new RangeError("1 to 27 digits");
  const data = dataBytes(digits);
  const bytes = [...data, ...checkBytes(data)];
  const masks = wishedMask === undefined ? MASKS.keys() : [wishedMask];
  let best = null;
  for (const mask of masks) {
    const modules = draw(bytes, mask);
    const penalty = penaltyOf(modules);
    if (best === null || penalty < best.penalty) best = { modules, penalty, mask };
  }
  return { modules: best.modules, mask: best.mask };
}

/** The dark modules as the `d` of an SVG path, one unit each, beginning at (margin, margin). */
export function pathOf(modules, margin) {
  let path = "";
  modules.forEach((row, y) => {
    let x = 0;
    while (x < SIZE) {
      let end = x;
      while (end < SIZE && row[end]) end += 1;
      if (end > x) path += `M${x + margin} ${y + margin}h${end - x}v1h${x - end}z`;
      x = Math.max(end, x + 1);
    }
  });
  return path;
}

function dataBytes(digits) {
  const bits = [];
  const put = (value, length) => { for (let i = length - 1; i >= 0; i -= 1) bits.push((value >> i) & 1); };
  put(0b0001, 4);
  put(digits.length, 10);
  for (let i = 0; i < digits.length; i += 3) {
    const group = digits.slice(i, i + 3);
    put(Number(group), group.length * 3 + 1);
  }
  put(0, Math.min(4, DATA_BYTES * 8 - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const bytes = [];
  for (let i = 0; i < bits.length; i += 8) bytes.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0xec; bytes.length < DATA_BYTES; pad ^= 0xec ^ 0x11) bytes.push(pad);
  return bytes;
}

// Reed-Solomon over GF(2^8) with the polynomial 0x11d.
function times(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> i) & 1) * a;
  }
  return product;
}

function checkBytes(data) {
  const divisor = new Array(CHECK_BYTES).fill(0);
  divisor[CHECK_BYTES - 1] = 1;
  let root = 1;
  for (let i = 0; i < CHECK_BYTES; i += 1) {
    for (let j = 0; j < CHECK_BYTES; j += 1) {
      divisor[j] = times(divisor[j], root) ^ (j + 1 < CHECK_BYTES ? divisor[j + 1] : 0);
    }
    root = times(root, 2);
  }
  const rest = new Array(CHECK_BYTES).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((coefficient, i) => { rest[i] ^= times(coefficient, factor); });
  }
  return rest;
}

function draw(bytes, mask) {
  const modules = Array.from({ length: SIZE }, () => new Array(SIZE).fill(false));
  const fixed = Array.from({ length: SIZE }, () => new Array(SIZE).fill(false));
  const set = (x, y, dark) => { modules[y][x] = dark; fixed[y][x] = true; };
  for (let i = 0; i < SIZE; i += 1) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [SIZE - 4, 3], [3, SIZE - 4]]) drawFinder(set, cx, cy);
  drawFormat(set, mask);
  fill(modules, fixed, bytes, mask);
  return modules;
}

function drawFinder(set, cx, cy) {
  for (let dy = -4; dy <= 4; dy += 1) {
    for (let dx = -4; dx <= 4; dx += 1) {
      const x = cx + dx;
      const y = cy + dy;
      const distance = Math.max(Math.abs(dx), Math.abs(dy));
      if (x >= 0 && x < SIZE && y >= 0 && y < SIZE) set(x, y, distance !== 2 && distance !== 4);
    }
  }
}

function drawFormat(set, mask) {
  const data = (LEVEL_Q << 3) | mask;
  let rest = data;
  for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (i) => ((bits >> i) & 1) === 1;
  for (let i = 0; i <= 5; i += 1) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i += 1) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i += 1) set(SIZE - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i += 1) set(8, SIZE - 15 + i, bit(i));
  set(8, SIZE - 8, true);
}

function fill(modules, fixed, bytes, mask) {
  let i = 0;
  for (let right = SIZE - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < SIZE; step += 1) {
      const upward = ((right + 1) & 2) === 0;
      const y = upward ? SIZE - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y][x]) continue;
        modules[y][x] = ((bytes[i >> 3] >> (7 - (i & 7))) & 1) === 1 !== MASKS[mask](x, y);
        i += 1;
      }
    }
  }
}

// The four rules of the standard: long runs, blocks, look-alikes of the corner pattern, more of one colour.
function penaltyOf(modules) {
  const columns = modules.map((_, x) => modules.map((row) => row[x]));
  let penalty = 0;
  for (const line of [...modules, ...columns]) penalty += runPenalty(line) + lookAlikePenalty(line);
  for (let y = 0; y < SIZE - 1; y += 1) {
    for (let x = 0; x < SIZE - 1; x += 1) {
      const dark = modules[y][x];
      if (dark === modules[y][x + 1] && dark === modules[y + 1][x] && dark === modules[y + 1][x + 1]) penalty += 3;
    }
  }
  const share = modules.flat().filter(Boolean).length / (SIZE * SIZE);
  return penalty + Math.floor(Math.abs(share * 100 - 50) / 5) * 10;
}

function runPenalty(line) {
  let penalty = 0;
  let run = 1;
  for (let i = 1; i <= line.length; i += 1) {
    if (i < line.length && line[i] === line[i - 1]) run += 1;
    else {
      if (run >= 5) penalty += run - 2;
      run = 1;
    }
  }
  return penalty;
}

function lookAlikePenalty(line) {
  const text = line.map((dark) => (dark ? "1" : "0")).join("");
  let penalty = 0;
  for (const pattern of ["10111010000", "00001011101"]) {
    for (let at = text.indexOf(pattern); at !== -1; at = text.indexOf(pattern, at + 1)) penalty += 40;
  }
  return penalty;
}
