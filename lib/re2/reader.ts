import { NotRe2 } from "./tree";

/** A text read from its start, character by character. */
export class Reader {
  private readonly characters: readonly string[];
  private at = 0;

  constructor(text: string) {
    this.characters = [...text];
  }

  get done(): boolean {
    return this.at >= this.characters.length;
  }

  /** What comes next, without going on; empty at the end. */
  peek(ahead = 0): string {
    return this.characters[this.at + ahead] ?? "";
  }

  take(): string {
    const next = this.peek();
    if (next === "") throw new NotRe2("ends too early");
    this.at++;
    return next;
  }

  /** Goes on over this text if it comes next. */
  skip(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.at += [...text].length;
    return true;
  }

  startsWith(text: string): boolean {
    return [...text].every((c, i) => this.peek(i) === c);
  }

  /** All up to this text, and over it. */
  takeUntil(end: string): string {
    let taken = "";
    while (!this.skip(end)) taken += this.take();
    return taken;
  }

  /** What the pattern, which starts with `^`, finds here, and over it. */
  takeMatch(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.characters.slice(this.at, this.at + 128).join(""));
    if (found !== null) this.at += [...found[0]].length;
    return found;
  }
}
