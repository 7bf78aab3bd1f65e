import { acceptedRange } from "../../../verify/traffic/binomial";

/** The exact chance of at most k successes, by plain summation of small cases. */
function atMost(k: number, n: number, p: number): number {
  let [term, sum] = [(1 - p) ** n, 0];
  for (let i = 0; i <= k; i++) {
    sum += term;
    term *= ((n - i) / (i + 1)) * (p / (1 - p));
  }
  return sum;
}

test.each([
  [20, 0.5, 0.05],
  [100, 0.1, 1e-3],
  [200, 0.8, 1e-6],
  [150, 0.02, 1e-6],
])(
  "of %d draws with share %d, each tail outside the range has at most half of %d, and no more could be cut",
  (n, p, falseAlarm) => {
    const { least, most } = acceptedRange(n, p, falseAlarm);
    const tail = falseAlarm / 2;
    expect(atMost(least - 1, n, p)).toBeLessThanOrEqual(tail);
    expect(atMost(least, n, p)).toBeGreaterThan(tail);
    expect(atMost(n - most - 1, n, 1 - p)).toBeLessThanOrEqual(tail * (1 + 1e-9));
    expect(atMost(n - most, n, 1 - p)).toBeGreaterThan(tail);
  },
);

test("a share of nothing or of everything leaves no room", () => {
  expect(acceptedRange(1000, 0, 1e-6)).toEqual({ least: 0, most: 0 });
  expect(acceptedRange(1000, 1, 1e-6)).toEqual({ least: 1000, most: 1000 });
});

test("a thousand requests tell 80 from 70 and 10 from 20", () => {
  expect(acceptedRange(1000, 0.8, 1e-6 / 3).least).toBeGreaterThan(700);
  expect(acceptedRange(1000, 0.1, 1e-6 / 3).most).toBeLessThan(200);
});
