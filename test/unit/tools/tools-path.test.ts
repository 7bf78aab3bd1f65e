import { existsSync, readFileSync, readdirSync, readlinkSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { allTools, lookFor } from "../../../embedded/tools/look";
import { sightings } from "../../../embedded/tools/on-path";
import type { Site } from "../../../embedded/tools/site";
import { toolsPathAt } from "../../../embedded/tools/tools-path";
import { clean, folder, program, site, spec, write } from "./site";

afterAll(clean);

/** A program that notes each time it is run. */
function counting(version: string, log: string): string {
  return `#!/bin/sh\necho run >> ${log}\necho v${version}\n`;
}

function runs(log: string): number {
  return existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0;
}

const helm = spec("helm", []);
const withPath = (path: string): Site => site([helm], { env: { PATH: path } });

test("the first program on PATH that fits is taken, one that does not fit is passed over", () => {
  const [old, fitting, later] = [folder(), folder(), folder()];
  write(join(old, "helm"), program("1.1.9"), 0o755);
  write(join(fitting, "helm"), program("1.2.9"), 0o755);
  write(join(later, "helm"), program("1.2.3"), 0o755);
  const where = withPath([old, fitting, later].join(":"));
  expect(lookFor(where, helm)).toEqual({
    name: "helm",
    version: "1.2.9",
    path: join(fitting, "helm"),
    source: "path",
  });
  expect(sightings(where, helm).map((s) => s.fits)).toEqual([false, true, true]);
});

test("files that cannot be run, folders, and relative PATH entries are not programs", () => {
  const one = folder();
  write(join(one, "helm"), program("1.2.3"), 0o644);
  const two = folder();
  write(join(two, "helm", "x"), "");
  expect(lookFor(withPath(`${one}:${two}:.:`), helm)).toBeUndefined();
});

test("a program that fails, or says no version, does not fit", () => {
  const broken = folder();
  write(join(broken, "helm"), "#!/bin/sh\nexit 3\n", 0o755);
  expect(lookFor(withPath(broken), helm)).toBeUndefined();
});

test("a program is asked once; only when it changes is it asked again", () => {
  const bin = folder();
  const log = join(folder(), "log");
  write(join(bin, "helm"), counting("1.2.3", log), 0o755);
  const where = withPath(bin);
  lookFor(where, helm);
  lookFor(where, helm);
  expect(allTools(where, ["helm"])?.get("helm")?.version).toBe("1.2.3");
  expect(runs(log)).toBe(1);
  write(join(bin, "helm"), counting("1.2.4", log), 0o755);
  utimesSync(join(bin, "helm"), 1, 1);
  expect(lookFor(where, helm)?.version).toBe("1.2.4");
  expect(runs(log)).toBe(2);
});

test("a list of versions that was cut short only costs asking again", () => {
  const bin = folder();
  write(join(bin, "helm"), program("1.2.3"), 0o755);
  const where = withPath(bin);
  lookFor(where, helm);
  write(join(where.cache, "tools", "path-versions.json"), '{"/usr/bin/he');
  expect(lookFor(where, helm)?.version).toBe("1.2.3");
});

test("a program without a version command counts only beside the one it is released with", () => {
  const pulumi = spec("pulumi", []);
  const host = {
    ...spec("pulumi-language-nodejs", []),
    versionArgs: [],
    accepts: "*",
    beside: "pulumi" as const,
  };
  const [apart, together] = [folder(), folder()];
  write(join(apart, host.name), program("0"), 0o755);
  const alone = site([pulumi, host], { env: { PATH: `${apart}:${together}` } });
  expect(lookFor(alone, host)).toBeUndefined();
  write(join(together, "pulumi"), program("1.2.3"), 0o755);
  write(join(together, host.name), program("0"), 0o755);
  expect(lookFor(alone, host)).toMatchObject({ path: join(together, host.name), version: "1.2.3" });
});

test("the folder for PATH links every tool there is, and changes with what they are", () => {
  const bin = folder();
  write(join(bin, "helm"), program("1.2.3"), 0o755);
  const where = withPath(bin);
  const links = toolsPathAt(where);
  expect(readlinkSync(join(links, "helm"))).toBe(join(bin, "helm"));
  expect(toolsPathAt(where)).toBe(links);
  rmSync(join(bin, "helm"));
  expect(readdirSync(toolsPathAt(where))).toEqual([]);
});
