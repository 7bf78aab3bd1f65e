import { progressTo, type Progress } from "../embedded/tools";

/** Where a command writes: results to stdout, progress to stderr, colour only on a terminal. */
export interface Output {
  readonly json: boolean;
  /** Takes one line of progress. */
  readonly progress: Progress;
  /** The result, as text or, with `--json`, as one JSON document. */
  result(text: () => string, value: unknown): void;
  readonly heading: (text: string) => string;
}

export function terminalOutput(json: boolean): Output {
  const colour = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
  return {
    json,
    progress: progressTo(process.stderr),
    result: (text, value) => void process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text()}\n`),
    heading: (text) => (colour ? `\u001b[1m${text}\u001b[22m` : text),
  };
}
