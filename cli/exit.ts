/** What the process's exit code means, the same for every command. */
export const exitCode = {
  ok: 0,
  /** The work was tried and failed: the engine refused, a check did not hold. */
  failed: 1,
  /** Nothing was tried: the input or the machine has to be mended first. */
  badInput: 2,
  /** Stopped by the user (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** An error for the user's eyes: what is wrong and what to do, without a stack trace. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly hint: string,
    readonly code: ExitCode = exitCode.badInput,
  ) {
    super(message);
  }
}
