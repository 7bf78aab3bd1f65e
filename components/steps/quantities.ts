import type { Json } from "../../lib";
import { isJsonObject } from "../../lib";

// The API server stores `cpu: 2000m` as "2" and `memory: 1024Mi` as "1Gi". Applied as written, every refresh would find a
// change and every update would undo it, so quantities are written as the server writes them.

const QUANTITY = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)$/;
const decimal: readonly (readonly [string, bigint])[] = [
  ["E", 10n ** 21n],
  ["P", 10n ** 18n],
  ["T", 10n ** 15n],
  ["G", 10n ** 12n],
  ["M", 10n ** 9n],
  ["k", 10n ** 6n],
  ["", 1000n],
  ["m", 1n],
];
const binary: readonly (readonly [string, bigint])[] = ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki", ""].map(
  (suffix, i) => [suffix, 1000n * 1024n ** BigInt(6 - i)],
);

/** A quantity as the API server stores it: the largest unit of its kind in which it is a whole number. */
export function canonicalQuantity(written: string): string {
  const [, whole = "", fraction = "", suffix = ""] = QUANTITY.exec(written) ?? [];
  const units = suffix.endsWith("i") ? binary : decimal;
  const unit = units.find(([name]) => name === suffix)?.[1];
  if (whole === "" || unit === undefined) return written;
  const thousandths = BigInt(whole + fraction) * unit;
  const scale = 10n ** BigInt(fraction.length);
  // Finer than a thousandth, which the server rounds: rare enough to be left to it.
  if (thousandths % scale !== 0n) return written;
  const value = thousandths / scale;
  if (value === 0n) return "0";
  const fit = units.find(([, size]) => value % size === 0n);
  return fit === undefined ? written : `${value / fit[1]}${fit[0]}`;
}

/** The same value with the quantities in all its `resources` in the server's spelling. */
export function withCanonicalQuantities(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withCanonicalQuantities(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "resources" && isJsonObject(item) ? canonicalResources(item) : withCanonicalQuantities(item),
    ]),
  );
}

function canonicalResources(resources: { readonly [key: string]: Json }): Json {
  return Object.fromEntries(
    Object.entries(resources).map(([key, item]) => [
      key,
      (key === "limits" || key === "requests") && isJsonObject(item) ? canonicalAmounts(item) : item,
    ]),
  );
}

function canonicalAmounts(amounts: { readonly [name: string]: Json }): Json {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [
      name,
      typeof amount === "string" || typeof amount === "number" ? canonicalQuantity(String(amount)) : amount,
    ]),
  );
}
