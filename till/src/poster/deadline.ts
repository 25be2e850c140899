/** A call inside the register answers at once or not at all; nothing of ours hangs on one that never does. */
const REGISTER_MS = 1500;

export class RegisterSilent extends Error {}

/** The promise's value; throws RegisterSilent when the register does not answer in time. */
export function withDeadline<T>(answer: Promise<T> | T, ms: number = REGISTER_MS): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const clock = setTimeout(() => reject(new RegisterSilent('the register does not answer')), ms);
    Promise.resolve(answer).then(
      (value) => {
        clearTimeout(clock);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(clock);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
