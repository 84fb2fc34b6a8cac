/** An error for the person at the keyboard: what went wrong and what to do about it. Shown without a stack trace. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";

  /** @param remedy What to do, as an imperative sentence. */
  constructor(problem: string, remedy: string, options?: ErrorOptions) {
    super(`${problem}\n${remedy}`, options);
  }
}
