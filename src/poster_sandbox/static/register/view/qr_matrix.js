// The square of modules: finder, timing and alignment patterns, format and version, data zigzag, masks.
// A cell is {dark, fixed}; fixed ones belong to the patterns and take no data and no mask.

const ALIGNMENT = [[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];
const LEVEL_M_BITS = 0;

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

export function emptyMatrix(version) {
  const size = version * 4 + 17;
  return Array.from({ length: size }, () => Array.from({ length: size }, () => ({ dark: false, fixed: false })));
}

function fix(matrix, x, y, dark) {
  if (matrix[y] && matrix[y][x]) matrix[y][x] = { dark, fixed: true };
}

export function drawFunctionPatterns(matrix, version) {
  const size = matrix.length;
  for (let index = 0; index < size; index += 1) {
    fix(matrix, 6, index, index % 2 === 0);
    fix(matrix, index, 6, index % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ])
    square(matrix, x, y, 4, (far) => far !== 2 && far !== 4);
  const places = ALIGNMENT[version - 1];
  for (const x of places)
    for (const y of places) {
      const corner = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6);
      if (!corner) square(matrix, x, y, 2, (far) => far !== 1);
    }
  drawFormat(matrix, 0);
  if (version >= 7) drawVersion(matrix, version);
}

function square(matrix, centreX, centreY, reach, isDark) {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1)
      fix(matrix, centreX + dx, centreY + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
  }
}

function drawFormat(matrix, mask) {
  const size = matrix.length;
  const data = (LEVEL_M_BITS << 3) | mask;
  let rest = data;
  for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (index) => ((bits >> index) & 1) === 1;
  for (let index = 0; index < 6; index += 1) fix(matrix, 8, index, bit(index));
  fix(matrix, 8, 7, bit(6));
  fix(matrix, 8, 8, bit(7));
  fix(matrix, 7, 8, bit(8));
  for (let index = 9; index < 15; index += 1) fix(matrix, 14 - index, 8, bit(index));
  for (let index = 0; index < 8; index += 1) fix(matrix, size - 1 - index, 8, bit(index));
  for (let index = 8; index < 15; index += 1) fix(matrix, 8, size - 15 + index, bit(index));
  fix(matrix, 8, size - 8, true);
}

function drawVersion(matrix, version) {
  let rest = version;
  for (let step = 0; step < 12; step += 1) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let index = 0; index < 18; index += 1) {
    const dark = ((bits >> index) & 1) === 1;
    const far = matrix.length - 11 + (index % 3);
    const near = Math.floor(index / 3);
    fix(matrix, far, near, dark);
    fix(matrix, near, far, dark);
  }
}

/** Two columns at a time from the right, up and down in turn, past the fixed cells. */
export function placeBits(matrix, codewords) {
  const size = matrix.length;
  let index = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      for (const x of [right, right - 1]) {
        const upward = ((right + 1) & 2) === 0;
        const cell = matrix[upward ? size - 1 - step : step][x];
        if (cell.fixed || index >= codewords.length * 8) continue;
        cell.dark = ((codewords[index >> 3] >> (7 - (index & 7))) & 1) === 1;
        index += 1;
      }
    }
  }
}

/** The modules under the mask that scanners find easiest to read. */
export function bestMasked(matrix) {
  const candidates = MASKS.map((hides, mask) => {
    const copy = matrix.map((row, y) =>
      row.map((cell, x) => ({ fixed: cell.fixed, dark: cell.fixed ? cell.dark : cell.dark !== hides(x, y) })),
    );
    drawFormat(copy, mask);
    return copy.map((row) => row.map((cell) => cell.dark));
  });
  const penalties = candidates.map(penalty);
  return candidates[penalties.indexOf(Math.min(...penalties))];
}

function penalty(modules) {
  const columns = modules.map((_, x) => modules.map((row) => row[x]));
  let points = 0;
  for (const line of [...modules, ...columns]) points += linePenalty(line.map((dark) => (dark ? '1' : '0')).join(''));
  for (let y = 1; y < modules.length; y += 1) {
    for (let x = 1; x < modules.length; x += 1) {
      const dark = modules[y][x];
      if (dark === modules[y - 1][x] && dark === modules[y][x - 1] && dark === modules[y - 1][x - 1]) points += 3;
    }
  }
  const share = modules.flat().filter(Boolean).length / modules.length ** 2;
  return points + Math.floor(Math.abs(share * 20 - 10)) * 10;
}

function linePenalty(line) {
  const runs = line.match(/0{5,}|1{5,}/g) || [];
  const finders = line.match(/(?=00001011101|10111010000)/g) || [];
  return runs.reduce((sum, run) => sum + run.length - 2, 0) + finders.length * 40;
}
