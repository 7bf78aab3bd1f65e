import fc from "fast-check";
import {
  formatDuration,
  hostWithin,
  isCidr,
  isDate,
  isDnsLabel,
  isDnsName,
  isHost,
  isPercentage,
  isPort,
  parseDuration,
} from "../../../lib";

const accepts = (check: (text: string) => boolean, good: string[], bad: string[]): void => {
  expect(good.filter((t) => !check(t))).toEqual([]);
  expect(bad.filter((t) => check(t))).toEqual([]);
};

test("DNS labels and names are those that Kubernetes takes", () => {
  accepts(
    isDnsLabel,
    ["a", "a-1", "0", "x".repeat(63)],
    ["", "-a", "a-", "A", "a.b", "a_b", "x".repeat(64), "ä", "a\n"],
  );
  accepts(isDnsName, ["a.b", "a"], ["a..b", ".a", "a.", `${"x.".repeat(127)}xx`]);
});

test("hosts are DNS names, wildcards before them, or the wildcard alone", () => {
  accepts(
    isHost,
    ["*", "*.example.com", "shop.example.com"],
    ["", "*.", "a.*.com", "https://x", "x:80", "bücher.de", "X.com"],
  );
});

test("a host lies within itself and within wildcards of the domains above it", () => {
  expect(hostWithin("a.example.com", "*.example.com")).toBe(true);
  expect(hostWithin("b.a.example.com", "*.example.com")).toBe(true);
  expect(hostWithin("*.a.example.com", "*.example.com")).toBe(true);
  expect(hostWithin("example.com", "*.example.com")).toBe(false);
  expect(hostWithin("badexample.com", "*.example.com")).toBe(false);
  expect(hostWithin("*", "*.example.com")).toBe(false);
  expect(hostWithin("anything", "*")).toBe(true);
});

test("durations have units and add up", () => {
  expect(["250ms", "10s", "1m30s", "2h", "1h1m1s1ms"].map(parseDuration)).toEqual([
    250, 10_000, 90_000, 7_200_000, 3_661_001,
  ]);
  expect(["", "10", "s", "1.5s", "-1s", "10 s", "1d", "100000s"].map(parseDuration)).toEqual(
    Array(8).fill(undefined),
  );
});

test("a duration printed and read again is the same duration", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999 }), (ms) => parseDuration(formatDuration(ms)) === ms),
  );
});

test("days exist", () => {
  accepts(
    isDate,
    ["2027-01-31", "2028-02-29", "2000-02-29"],
    ["2027-02-29", "1900-02-29", "2027-13-01", "2027-00-01", "2027-01-00", "2027-1-1", "x"],
  );
});

test("networks are IPv4 or IPv6 with a length", () => {
  accepts(
    isCidr,
    ["10.0.0.0/8", "0.0.0.0/0", "fd00::/8", "::/0", "1:2:3:4:5:6:7:8/128"],
    [
      "10.0.0.0",
      "10.0.0/8",
      "256.0.0.0/8",
      "10.0.0.0/33",
      "01.0.0.0/8",
      "::1::/8",
      "g::/8",
      "fd00::/129",
      "1:2:3/8",
      "10.0.0.0/8/8",
    ],
  );
});

test("ports and percentages have bounds", () => {
  expect([1, 80, 65535].every(isPort)).toBe(true);
  expect([0, -1, 65536, 1.5, NaN].some(isPort)).toBe(false);
  expect([0, 0.1, 100].every(isPercentage)).toBe(true);
  expect([-0.1, 100.1, NaN, Infinity].some(isPercentage)).toBe(false);
});
