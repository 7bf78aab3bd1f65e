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
