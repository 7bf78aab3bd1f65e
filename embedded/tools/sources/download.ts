// Official downloads. Nothing is used before its sha256 is that of the manifest or of the release's checksum file.
import { copyFileSync, existsSync, mkdtempSync } from "node:fs";
import { basename, join } from "node:path";
import { unpack } from "../archive";
import { placeTool } from "../cache";
import { sha256For, sha256Of } from "../checksum";
import { isNoSpace, Interrupted, messageOf, type Failure } from "../errors";
import { dropPart, fetchPart, fetchText, mirrored, partFile, unreachable } from "../fetch";
import type { Job, Site } from "../site";
import type { DownloadSource, ToolSpec } from "../spec";
import { confirm } from "./confirm";

/** A download as it is on one platform. */
export interface Release {
  readonly version: string;
  readonly url: string;
  readonly checksums: string;
  readonly sha256: string | undefined;
  readonly member: string | undefined;
  readonly companions: readonly string[];
}

export function releaseFor(
  site: Site,
  spec: { version: string },
  source: DownloadSource,
): Release | undefined {
  const platform = source.platforms[site.platform];
  if (platform === undefined) return undefined;
  const fill = (text: string): string => text.replaceAll("{p}", platform);
  return {
    version: source.version ?? spec.version,
    url: mirrored(site, fill(source.url)),
    checksums: mirrored(site, fill(source.checksums)),
    sha256: source.sha256?.[site.platform],
    member: source.member === undefined ? undefined : fill(source.member),
    companions: (source.companions ?? []).map(fill),
  };
}

function sourceOf(spec: ToolSpec): DownloadSource | undefined {
  return spec.sources.find((source) => source.kind === "download");
}

async function expectedSha256(job: Job, release: Release): Promise<string> {
  if (release.sha256 !== undefined) return release.sha256;
  const name = basename(new URL(release.url).pathname);
  const found = sha256For(await fetchText(job, release.checksums), name);
  if (found === undefined) throw new Error(`${release.checksums} has no sha256 for ${name}`);
  return found;
}

/**
 * Downloads the file and compares its sha256. One that differs is thrown away; if it was begun by an earlier run, the
 * release may have changed since, so it is fetched once more from its beginning.
 */
export async function fetchVerified(job: Job, release: Release): Promise<string> {
  const expected = await expectedSha256(job, release);
  const begun = existsSync(partFile(job.site, release.url));
  const file = await fetchPart(job, release.url);
  const actual = await sha256Of(file);
  if (actual === expected) return file;
  dropPart(job.site, release.url);
  if (begun) return fetchVerified(job, release);
  throw new Error(`${release.url} has sha256 ${actual}, expected ${expected}: refused`);
}

async function stage(
  spec: ToolSpec,
  release: Release,
  place: { file: string; folder: string },
): Promise<void> {
  if (release.member === undefined) return copyFileSync(place.file, join(place.folder, spec.name));
  const wanted = new Map([
    [release.member, spec.name],
    ...release.companions.map((path) => [path, basename(path)] as const),
  ]);
  const taken = await unpack(place.file, place.folder, (entry) => wanted.get(entry));
  const absent = [...wanted.keys()].filter((entry) => !taken.includes(entry));
  if (absent.length > 0)
    throw new Error(`${release.url} has no ${absent.join(", ")}: not the expected archive`);
}

async function install(job: Job, spec: ToolSpec, release: Release): Promise<void> {
  const file = await fetchVerified(job, release);
  const folder = mkdtempSync(join(job.staging, "download-"));
  await stage(spec, release, { file, folder });
  const version = confirm(spec, join(folder, spec.name), release.version);
  placeTool(job.site, spec, { folder, version, source: "download" });
}

function remedy(site: Site, url: string): string {
  const proxy = site.env["HTTPS_PROXY"] ?? site.env["https_proxy"];
  const note = proxy === undefined ? "" : " (HTTPS_PROXY is not used for downloads)";
  return `let this machine reach ${new URL(url).host}${note}, or set MESHWRIGHT_DOWNLOAD_MIRROR to a mirror that has <official host>/<path>`;
}

/** Installs what official downloads there are for. Hosts that do not answer are found out together, within 3 seconds. */
export async function fromDownloads(job: Job, specs: readonly ToolSpec[]): Promise<readonly Failure[]> {
  const wanted = specs.flatMap((spec) => {
    const source = sourceOf(spec);
    const release = source && releaseFor(job.site, spec, source);
    return release ? [{ spec, release }] : [];
  });
  const silent = await Promise.all(wanted.map(({ release }) => unreachable(job.site, release.url)));
  const failures: Failure[] = [];
  const fail = (spec: ToolSpec, reason: string, url: string): void => {
    failures.push({ tool: spec.name, source: "download", reason, remedy: remedy(job.site, url) });
  };
  for (const [index, { spec, release }] of wanted.entries()) {
    const cause = silent[index];
    if (cause !== undefined) {
      fail(spec, `${new URL(release.url).host} cannot be reached: ${cause}`, release.url);
      continue;
    }
    job.progress(`Downloading ${spec.name} ${release.version} from ${new URL(release.url).host}`);
    try {
      await install(job, spec, release);
    } catch (error) {
      if (error instanceof Interrupted || isNoSpace(error)) throw error;
      const reason = messageOf(error);
      job.progress(`${spec.name}: ${reason}`);
      fail(spec, reason, release.url);
    }
  }
  const failed = new Set(failures.map((f) => f.tool));
  for (const { spec, release } of wanted) if (!failed.has(spec.name)) dropPart(job.site, release.url);
  return failures;
}
