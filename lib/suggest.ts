/** The candidate nearest to what was written, if it is near enough to be what was meant. */
export function nearest(written: string, candidates: Iterable<string>): string | undefined {
  // Nobody mistypes a key this long, and the comparison below takes time with the square of the length.
  if (written.length > 64) return undefined;
  const word = written.toLowerCase();
  let best: string | undefined;
  let allowed = Math.max(1, Math.floor(written.length / 3));
  for (const name of candidates) {
    const distance = editDistance(word, name.toLowerCase(), allowed);
    if (distance > allowed) continue;
    best = name;
    // From here on only a nearer one will do.
    allowed = distance - 1;
    if (allowed < 0) break;
  }
  return best;
}

/** `did you mean "routes"?`, or the list of what there is when nothing is near. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const name = nearest(written, candidates);
  return name === undefined ? listed(candidates) : `did you mean ${JSON.stringify(name)}?`;
}

function listed(candidates: readonly string[]): string {
  if (candidates.length === 0) return "there are none to choose from";
  const shown = candidates.slice(0, 12).join(", ");
  return `known: ${shown}${candidates.length > 12 ? `, and ${candidates.length - 12} more` : ""}`;
}

/** So many comparisons of words take a moment; whoever needs more has another problem than spelling. */
const MOST_COMPARISONS = 100_000;

/**
 * `didYouMean` for many words and the same candidates: once all of it has taken long enough, it only lists what there is.
 */
export function suggestions(candidates: readonly string[]): (written: string) => string {
  let left = MOST_COMPARISONS;
  return (written) => {
    left -= candidates.length;
    return left < 0 ? listed(candidates) : didYouMean(written, candidates);
  };
}

/** Edits (insert, delete, replace, swap of neighbours) between two words; any number above `most` where they are more. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let aEnd = a.length;
  let bEnd = b.length;
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  return distanceWithin(a.slice(start, aEnd), b.slice(start, bEnd), most);
}

function distanceWithin(a: string, b: string, most: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let cell = Math.min(
        (previous[j] ?? most) + 1,
        (row[j - 1] ?? most) + 1,
        (previous[j - 1] ?? most) + cost,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cell = Math.min(cell, (before[j - 2] ?? most) + 1);
      }
      row.push(cell);
      least = Math.min(least, cell);
    }
    // A swap reaches one row further back.
    if (least > most + 1) return least;
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? most + 1;
}
