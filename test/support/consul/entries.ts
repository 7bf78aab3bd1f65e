import { isJsonObject, type Json, type JsonObject } from "../../../lib";
import type { ConfigEntry } from "../../../mesh/adapters/consul/export";

/** Config entries by kind and name, read as Consul reads them. */
export class Entries {
  private readonly byName: ReadonlyMap<string, JsonObject>;

  constructor(entries: readonly ConfigEntry[]) {
    this.byName = new Map(entries.map(({ kind, name, entry }) => [`${kind}/${name}`, entry]));
  }

  get(kind: string, name: string): JsonObject | undefined {
    return this.byName.get(`${kind}/${name}`);
  }
}

export function section(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function sections(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(section) : [];
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((v) => typeof v === "string") : [];
}

/** Whether an expression holds for the whole of a text, as RE2 has it. */
export function matchesWhole(regex: string, text: string): boolean {
  return new RegExp(`^(?:${regex})$`, "s").test(text);
}

/** A request as a proxy sees it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  /** By name in lower case, `:authority` and `:path` included; values of one name joined by `,`. */
  readonly headers: ReadonlyMap<string, string>;
}
