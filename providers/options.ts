import type { Diagnostic, FieldPath, Finding } from "../lib";
import { didYouMean, errorAt, isJsonObject } from "../lib";

/** Where a section of options stands, and where its faults go. */
export interface Section {
  readonly raw: unknown;
  readonly at: FieldPath;
  readonly faults: Diagnostic[];
}

/** Reads one section of options, collecting every fault in it instead of stopping at the first. */
export class OptionReader {
  private readonly at: FieldPath;
  private readonly faults: Diagnostic[];
  private readonly fields: { readonly [key: string]: unknown };

  /** `known` are the keys the section may have; any other key is a fault. */
  constructor({ raw, at, faults }: Section, known: readonly string[]) {
    this.at = at;
    this.faults = faults;
    this.fields = isJsonObject(raw) ? raw : {};
    if (raw !== undefined && raw !== null && !isJsonObject(raw)) {
      this.fault([], { code: "wrong-type", message: `expected a section of options, found ${nameOf(raw)}` });
    }
    for (const key of Object.keys(this.fields).filter((k) => !known.includes(k))) {
      this.fault([key], {
        code: "unknown-key",
        message: `unknown option ${JSON.stringify(key)}`,
        hint: didYouMean(key, known),
      });
    }
  }

  raw(key: string): unknown {
    return this.fields[key];
  }

  string(key: string): string | undefined {
    const value = this.fields[key];
    if (value === undefined || (typeof value === "string" && value.trim() !== "")) return value;
    this.wrongType(key, "a string that is not empty");
    return undefined;
  }

  boolean(key: string): boolean | undefined {
    const value = this.fields[key];
    if (value === undefined || typeof value === "boolean") return value;
    this.wrongType(key, "true or false");
    return undefined;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.fields[key];
    if (value === undefined) return undefined;
    const found = allowed.find((a) => a === value);
    if (found === undefined) this.wrongType(key, `one of ${allowed.join(", ")}`);
    return found;
  }

  /** A section whose keys are the user's own, each with a string. */
  strings(key: string): { readonly [key: string]: string } | undefined {
    const value = this.fields[key];
    if (value === undefined) return undefined;
    if (isJsonObject(value) && Object.values(value).every((entry) => typeof entry === "string")) {
      return value as { readonly [key: string]: string };
    }
    this.wrongType(key, "a section with a string for each key");
    return undefined;
  }

  /** A section inside this one, whose faults join this reader's. */
  section(key: string, known: readonly string[]): OptionReader {
    return new OptionReader({ raw: this.fields[key], at: [...this.at, key], faults: this.faults }, known);
  }

  fault(path: FieldPath, finding: Finding): void {
    this.faults.push(errorAt([...this.at, ...path], finding));
  }

  private wrongType(key: string, expected: string): void {
    this.fault([key], {
      code: "wrong-type",
      message: `expected ${expected}, found ${nameOf(this.fields[key])}`,
    });
  }
}

function nameOf(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a section";
  return `${JSON.stringify(value)}`;
}
