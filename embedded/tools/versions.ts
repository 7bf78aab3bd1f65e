// Submodules: all of semver costs a start 40 ms.
import satisfies from "semver/functions/satisfies";
import valid from "semver/functions/valid";

const shape = /(?<![\w.])v?(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z][0-9A-Za-z.-]*)?/;

/** The first version in what a program prints about itself, as semver: `v4.2` is `4.2.0`. */
export function versionIn(output: string): string | undefined {
  const [, major, minor, patch = "0", prerelease = ""] = shape.exec(output) ?? [];
  return valid(`${major}.${minor}.${patch}${prerelease}`) ?? undefined;
}

/** Whether a version (undefined where the program cannot say) fits a range; "*" takes any. */
export function fits(version: string | undefined, range: string): boolean {
  if (range === "*") return true;
  return version !== undefined && satisfies(version, range, { includePrerelease: true });
}
