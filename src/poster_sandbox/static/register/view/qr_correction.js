// Reed–Solomon over GF(256) with the polynomial x^8 + x^4 + x^3 + x^2 + 1.

const FIELD = 0x11d;

function times(x, y) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >> 7) * FIELD);
    product ^= ((y >> bit) & 1) * x;
  }
  return product;
}

function generator(degree) {
  const coefficients = [...Array(degree - 1).fill(0), 1];
  let root = 1;
  for (let step = 0; step < degree; step += 1) {
    for (let index = 0; index < degree; index += 1) {
      coefficients[index] = times(coefficients[index], root);
      if (index + 1 < degree) coefficients[index] ^= coefficients[index + 1];
    }
    root = times(root, 2);
  }
  return coefficients;
}

/** The `count` correction codewords of a block. */
export function correctionOf(block, count) {
  const divisor = generator(count);
  const rest = Array(count).fill(0);
  for (const word of block) {
    const factor = word ^ rest.shift();
    rest.push(0);
    divisor.forEach((coefficient, index) => {
      rest[index] ^= times(coefficient, factor);
    });
  }
  return rest;
}
