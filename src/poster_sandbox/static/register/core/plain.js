// Plain JSON copies. What apps pass to `Poster` may be DOM events, React events, functions, things that refer to
// themselves or throw when looked at; a structured clone of those fails or drags half a page along.

const DEPTH_MAX = 8;
const NODES_MAX = 5000;

/** A JSON-safe copy of anything. What cannot be said in JSON (functions, DOM nodes, cycles, too deep) is left out. */
export function plain(value) {
  const copied = copy(value, 0, { seen: new Set(), nodesLeft: NODES_MAX });
  return copied === undefined ? null : copied;
}

/** The copy of a whole argument list. */
export function plainAll(values) {
  return Array.from(values, plain);
}

function copy(value, depth, walk) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || depth > DEPTH_MAX || walk.seen.has(value)) return undefined;
  walk.nodesLeft -= 1;
  if (walk.nodesLeft < 0 || isOfThePage(value)) return undefined;
  walk.seen.add(value);
  try {
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1, walk) ?? null);
    if (typeof value.toJSON === 'function') return copy(value.toJSON(), depth + 1, walk);
    return copyObject(value, depth, walk);
  } catch {
    return undefined; // a getter or toJSON that throws
  } finally {
    walk.seen.delete(value);
  }
}

function copyObject(value, depth, walk) {
  const result = {};
  for (const key of Object.keys(value)) {
    let item;
    try {
      item = copy(value[key], depth + 1, walk);
    } catch {
      continue;
    }
    if (item !== undefined) result[key] = item;
  }
  return result;
}

function isOfThePage(value) {
  try {
    return value instanceof Node || value instanceof Event || value instanceof Window || 'nativeEvent' in value;
  } catch {
    return true; // a cross-origin window throws when asked
  }
}
