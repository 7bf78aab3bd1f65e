import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { cacheDir } from "../home";
import { manifest } from "./manifest";
import type { Manifest, PlatformName } from "./spec";
import type { Progress } from "./types";

/** What an installation stands on. Real ones use `thisSite`; tests bring their own. */
export interface Site {
  readonly manifest: Manifest;
  /** Root of the cache. */
  readonly cache: string;
  /** By Go's names. */
  readonly platform: PlatformName;
  readonly env: NodeJS.ProcessEnv;
  readonly root: boolean;
  /** How long a host may take to answer at all, and how long a transfer may stand still. */
  readonly patience: { readonly probeMs: number; readonly stallMs: number };
  /** Bytes that may still be written to the file system that holds, or will hold, this folder. */
  freeBytes(folder: string): number;
}

/** One run of the installer. */
export interface Job {
  readonly site: Site;
  readonly progress: Progress;
  /** Ends the job: children are killed, what is complete stays. */
  readonly signal: AbortSignal;
  /** A folder of this job alone, on the cache's file system; taken away at the end. */
  readonly staging: string;
}

const archNames: Readonly<Record<string, string>> = { x64: "amd64" };

function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestExisting(folder));
  return bavail * bsize;
}

export function thisSite(): Site {
  return {
    manifest,
    cache: cacheDir(),
    platform: `${process.platform}-${archNames[process.arch] ?? process.arch}`,
    env: process.env,
    root: process.getuid?.() === 0,
    patience: { probeMs: 3_000, stallMs: 20_000 },
    freeBytes,
  };
}

export function osOf(site: Site): string {
  return site.platform.split("-")[0] ?? site.platform;
}
