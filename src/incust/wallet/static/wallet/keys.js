// Where the phone keeps the key of its code: as a key that cannot be read out again, only used.

const DATABASE = "incust-wallet";
const STORE = "keys";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Keep the secret (base64) of the device `number` for the wallet at `path`. */
export async function keepKey(path, number, secret) {
  const bytes = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  await inStore("readwrite", (store) => store.put({ number, key }, path));
  await navigator.storage?.persist?.();
}

/** The key of the wallet at `path`, or null if this browser has none for the device `number`. */
export async function findKey(path, number) {
  const kept = await inStore("readonly", (store) => store.get(path));
  return kept && kept.number === number ? kept.key : null;
}

export async function forgetKey(path) {
  await inStore("readwrite", (store) => store.delete(path));
}
