import type { Output } from "../../../cli/output";

/** An output that keeps what it is given. */
export class Kept implements Output {
  readonly told: string[] = [];
  text = "";
  value: unknown;

  constructor(readonly json = false) {}

  readonly progress = (line: string): void => void this.told.push(line);
  readonly heading = (text: string): string => text;

  result(text: () => string, value: unknown): void {
    this.text = text();
    this.value = value;
  }
}
