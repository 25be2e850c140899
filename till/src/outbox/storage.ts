/** The register's lasting memory, or a stand-in for the session where the WebView refuses one. */
export interface Memory {
  read(key: string): string | null;
  /** False when the value could not be kept (memory full or refused). */
  write(key: string, value: string): boolean;
}

export function registerMemory(): Memory {
  const session: Record<string, string> = {};
  return {
    read(key) {
      try {
        return localStorage.getItem(key) || session[key] || null;
      } catch {
        return session[key] || null;
      }
    },
    write(key, value) {
      try {
        localStorage.setItem(key, value);
        delete session[key];
        return true;
      } catch {
        session[key] = value;
        return false;
      }
    },
  };
}

/** The JSON value under a key, or null for nothing or something unreadable. */
export function readJson(memory: Memory, key: string): unknown {
  try {
    return JSON.parse(memory.read(key) || 'null');
  } catch {
    return null;
  }
}
