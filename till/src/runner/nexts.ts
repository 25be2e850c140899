/** Poster's `next` functions that wait. Each is called at most once, whoever asks how often. */
export class Nexts {
  private readonly waiting = new Map<number, () => void>();
  private last = 0;

  /** Keeps a `next` under a new token. */
  keep(next: () => void): number {
    this.last += 1;
    this.waiting.set(this.last, next);
    return this.last;
  }

  call(token: number): void {
    const next = this.waiting.get(token);
    this.waiting.delete(token);
    next?.();
  }

  /** Lets every sale go on that still waits. */
  callAll(): void {
    Array.from(this.waiting.keys()).forEach((token) => this.call(token));
  }
}
