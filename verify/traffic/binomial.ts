/** ln n! for n ≥ 0, exact to rounding: Stirling's series from 20 on, by its terms before. */
function logFactorial(n: number): number {
  if (n < 20) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
}

function logProbability(k: number, n: number, p: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * The counts out of `n` draws that are accepted for a share `p`: all but the tails, each of which has at most half of
 * `falseAlarm`. So a right share is refused with a probability of at most `falseAlarm`.
 */
export function acceptedRange(n: number, p: number, falseAlarm: number): Range {
  if (p <= 0) return { least: 0, most: 0 };
  if (p >= 1) return { least: n, most: n };
  const tail = falseAlarm / 2;
  let least = 0;
  for (let sum = Math.exp(logProbability(0, n, p)); sum <= tail; sum += Math.exp(logProbability(least, n, p)))
    least += 1;
  let most = n;
  for (let sum = Math.exp(logProbability(n, n, p)); sum <= tail; sum += Math.exp(logProbability(most, n, p)))
    most -= 1;
  return { least, most };
}
