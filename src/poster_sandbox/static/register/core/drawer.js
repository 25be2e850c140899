// What the register remembers over a restart: one drawer of localStorage per tablet.

export class Drawer {
  constructor(account, tabletId, storage = window.localStorage) {
    this.prefix = `poster-sandbox:${account}:${tabletId}:`;
    this.storage = storage;
  }

  /** The value kept under that name, or `otherwise`. */
  read(name, otherwise) {
    try {
      const text = this.storage.getItem(this.prefix + name);
      return text === null ? otherwise : JSON.parse(text);
    } catch {
      return otherwise;
    }
  }

  keep(name, value) {
    try {
      this.storage.setItem(this.prefix + name, JSON.stringify(value));
    } catch (error) {
      console.warn('The register could not keep', name, error); // storage full or forbidden: the sale goes on
    }
  }

  /** Forgets everything of this tablet. */
  empty() {
    for (const key of Object.keys(this.storage)) if (key.startsWith(this.prefix)) this.storage.removeItem(key);
  }
}
