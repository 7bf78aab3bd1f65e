// Downloads over HTTPS, or from a mirror. A download that was cut short goes on where it stopped.
import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Interrupted, messageOf } from "./errors";
import { megabytes, pulse } from "./progress";
import type { Job, Site } from "./site";

/** A server that keeps the connection and sends nothing; asking again would only wait again. */
class Stalled extends Error {}

/** `https://dl.k8s.io/x` with a mirror `http://m/tools` is `http://m/tools/dl.k8s.io/x`. */
export function mirrored(site: Site, url: string): string {
  const mirror = site.env["MESHWRIGHT_DOWNLOAD_MIRROR"];
  if (mirror === undefined || mirror === "") return url;
  return `${mirror.replace(/\/+$/, "")}/${url.replace(/^https?:\/\//, "")}`;
}

/** fetch hides the reason (refused, no such host) in the cause of its error. */
function causeOf(error: unknown): string {
  const cause =
    typeof error === "object" && error !== null && "cause" in error ? (error.cause ?? error) : error;
  const timedOut =
    typeof cause === "object" && cause !== null && "name" in cause && cause.name === "TimeoutError";
  return timedOut ? "no answer in time" : messageOf(cause);
}

const probes = new Map<string, Promise<string | undefined>>();

async function probe(origin: string, patienceMs: number): Promise<string | undefined> {
  try {
    const answer = await fetch(origin, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.body?.cancel();
    return undefined;
  } catch (error) {
    return causeOf(error);
  }
}

/** Why the host of a URL cannot be reached; undefined where it answers. Asked once per run and host. */
export function unreachable(site: Site, url: string): Promise<string | undefined> {
  const { origin } = new URL(url);
  const known = probes.get(origin) ?? probe(origin, site.patience.probeMs);
  probes.set(origin, known);
  return known;
}

async function get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { headers, signal });
  if (!answer.ok && answer.status !== 416) throw new Error(`${url} answered ${answer.status}`);
  return answer;
}

/** A small text. */
export async function fetchText(job: Job, url: string): Promise<string> {
  const answer = await get(
    url,
    {},
    AbortSignal.any([job.signal, AbortSignal.timeout(job.site.patience.stallMs)]),
  );
  return answer.text();
}

/** Where a download is kept until it is complete and verified. */
export function partFile(site: Site, url: string): string {
  const digest = createHash("sha256").update(url).digest("hex").slice(0, 12);
  return join(site.cache, "tools", ".downloads", `${digest}-${basename(new URL(url).pathname)}.part`);
}

/** Ends a transfer that stands still. */
function watchdog(patienceMs: number): {
  readonly signal: AbortSignal;
  readonly feed: () => void;
  readonly stop: () => void;
} {
  const stalled = new AbortController();
  const stall = (): void => stalled.abort(new Stalled(`nothing came for ${patienceMs / 1000} s`));
  const timer = setTimeout(stall, patienceMs);
  return { signal: stalled.signal, feed: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

async function transfer(job: Job, url: string, part: string): Promise<void> {
  const have = statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  const dog = watchdog(job.site.patience.stallMs);
  let received = have;
  let stop = (): void => undefined;
  try {
    const signal = AbortSignal.any([job.signal, dog.signal]);
    const answer = await get(url, have > 0 ? { range: `bytes=${have}-` } : {}, signal);
    if (answer.status === 416 || answer.body === null) return; // there is no more than we have
    const resumed = answer.status === 206;
    if (!resumed) received = 0;
    const total = received + Number(answer.headers.get("content-length") ?? 0);
    stop = pulse(job, () => `Downloading ${basename(url)}: ${megabytes(received)} of ${megabytes(total)}`);
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        dog.feed();
        done(null, chunk);
      },
    });
    const body = Readable.fromWeb(answer.body);
    await pipeline(body, count, createWriteStream(part, { flags: resumed ? "a" : "w" }), { signal });
  } catch (error) {
    throw dog.signal.aborted ? dog.signal.reason : error;
  } finally {
    stop();
    dog.stop();
  }
}

/**
 * Downloads into the part file, trying once more (from where it stopped) when the connection breaks.
 * Throws with the reason where it cannot be had.
 */
export async function fetchPart(job: Job, url: string): Promise<string> {
  const part = partFile(job.site, url);
  mkdirSync(dirname(part), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      await transfer(job, url, part);
      return part;
    } catch (error) {
      if (job.signal.aborted) throw new Interrupted();
      if (/ answered \d+$/.test(messageOf(error))) throw error;
      if (attempt === 2 || error instanceof Stalled)
        throw new Error(`${url}: ${causeOf(error)}`, { cause: error });
    }
  }
}

export function dropPart(site: Site, url: string): void {
  rmSync(partFile(site, url), { force: true });
}
