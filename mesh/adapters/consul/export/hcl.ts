import { isJsonObject, type Json } from "../../../../lib";
import type { ConfigEntry } from "./entries";

/** A config entry as a file for `consul config write`: `Kind = "service-router"` and so on. */
export function hclOf({ entry }: ConfigEntry): string {
  return Object.entries(entry)
    .map(([key, value]) => `${assignment(key, value, "")}\n`)
    .join("");
}

function assignment(key: string, value: Json, indent: string): string {
  return `${indent}${keyText(key)} = ${valueText(value, indent)}`;
}

function keyText(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : text(key);
}

function valueText(value: Json, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((each) => `${inner}${valueText(each, inner)},\n`);
    return items.length === 0 ? "[]" : `[\n${items.join("")}${indent}]`;
  }
  if (isJsonObject(value)) {
    const lines = Object.entries(value).map(([key, each]) => `${assignment(key, each, inner)}\n`);
    return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
  }
  return JSON.stringify(value);
}

/** HCL would read `${` as the beginning of something to compute. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll("${", "\\u0024{");
}
