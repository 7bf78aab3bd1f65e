/** Checks and conversions of the small formats that configuration is written in. Each check takes any string. */

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DURATION = /^([0-9]{1,5}(h|m|s|ms)){1,4}$/;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A DNS-1123 label: what Kubernetes accepts as the name of a namespace or a Service. */
export function isDnsLabel(text: string): boolean {
  return DNS_LABEL.test(text);
}

/** A DNS-1123 subdomain, at most 253 characters: what Kubernetes accepts as the name of most objects. */
export function isDnsName(text: string): boolean {
  return text.length <= 253 && text.split(".").every(isDnsLabel);
}

/** A host as routes and listeners take it: a DNS name, `*.` before one, or `*` alone. Unicode must be punycode. */
export function isHost(text: string): boolean {
  return text === "*" || isDnsName(text.startsWith("*.") ? text.slice(2) : text);
}

/** Whether a host is the same as, or lies within, another one that may be a wildcard. */
export function hostWithin(host: string, outer: string): boolean {
  if (outer === "*" || host === outer) return true;
  return outer.startsWith("*.") && host !== "*" && host.endsWith(outer.slice(1));
}

/** A host and every wildcard that it lies within, nearest first: `a.b.c`, `*.b.c`, `*.c`, `*`. */
export function outerHosts(host: string): string[] {
  if (host === "*") return ["*"];
  const labels = host.split(".");
  return [host, ...labels.slice(1).map((_, i) => ["*", ...labels.slice(i + 1)].join(".")), "*"];
}

/** A TCP port. */
export function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** Milliseconds of `250ms`, `10s`, `1m30s` or `2h` (the Gateway API's form), or undefined. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  return [...text.matchAll(/([0-9]+)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ""] ?? 0),
    0,
  );
}

/** The shortest duration text with one unit: `90s`, `250ms`, `0s`. */
export function formatDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** A percentage from 0 to 100. */
export function isPercentage(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= 100;
}

/** A calendar day that exists: `2027-01-31`. */
export function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** An IPv4 or IPv6 network: `10.0.0.0/8`, `fd00::/8`. */
export function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split("/");
  if (address === undefined || bits === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  if (address.includes(":")) return isIpv6(address) && Number(bits) <= 128;
  return isIpv4(address) && Number(bits) <= 32;
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((p) => /^(0|[1-9]\d{0,2})$/.test(p) && Number(p) <= 255);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const count = halves.length === 2 ? groups.length <= 7 : groups.length === 8;
  return count && groups.every((g) => /^[0-9a-fA-F]{1,4}$/.test(g));
}
