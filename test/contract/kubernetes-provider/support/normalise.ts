import type { Call } from "./recordings";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What differs from run to run, in any text: ids, times, random names, addresses, versions. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
  [/pulumi-kubernetes-[0-9a-f]{8}/g, "<manager>"],
  [/settings-[0-9a-f]{8}/g, "settings-<random>"],
  [/(ReplicaSet \\?"\w+-)[0-9a-f]{8,10}/g, "$1<hash>"],
  [/127\.0\.0\.1:(\d+|<port>)/g, "<address>"],
  [/\b10(\.\d+){3}\b/g, "<cluster-ip>"],
  [/(?<![\d.])4[._](32|34)[._]\d(?![\d.])/g, "<version>"],
  [/^v1:.{16}:.+$/, "<ciphertext>"],
];

/** Fields whose value differs from run to run whatever it is. */
const FIELDS = new Set([
  "kubeconfig",
  "kubernetes:config:kubeconfig",
  "randomSeed",
  "resourceVersion",
  "resourceStatusToken",
  "programDirectory",
  "rootDirectory",
]);

/** Lists in the order in which things happened to come about, to the second. */
const UNORDERED = new Set(["conditions", "managedFields", "dependencies"]);

/** What controllers count after the object was written: how far they got by the time it was looked at is chance. */
const COUNTS = new Set([
  "availableReplicas",
  "observedGeneration",
  "readyReplicas",
  "replicas",
  "terminatingReplicas",
  "unavailableReplicas",
  "updatedReplicas",
]);

export function normalText(text: string): string {
  return TEXTS.reduce((result, [pattern, name]) => result.replace(pattern, name), text);
}

export function normal(value: unknown, key = ""): Json {
  if (FIELDS.has(key)) return `<${key}>`;
  if (typeof value === "string") return normalText(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => normal(item));
    return UNORDERED.has(key) ? items.sort(byText) : items;
  }
  if (typeof value !== "object" || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => !(key === "status" && COUNTS.has(field)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, item]) => [normalText(field), normal(item, field)]),
  );
}

function byText(a: Json, b: Json): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** Calls by what they are about: `Create core/v1:ConfigMap named #0`. Resources go side by side, so order means nothing. */
export function byResource(calls: readonly Call[]): Map<string, Call> {
  const counts = new Map<string, number>();
  return new Map(
    calls.map((call) => {
      const type = ((call.request["type"] as string | undefined) ?? "").replace(/^kubernetes:/, "");
      const what = normalText(`${call.method} ${type} ${(call.request["name"] as string | undefined) ?? ""}`);
      const count = counts.get(what) ?? 0;
      counts.set(what, count + 1);
      return [`${what} #${count}`, call];
    }),
  );
}

/** Messages that are seen or not by the moment at which the object is looked at. */
const RACY = /\[MinimumReplicasUnavailable\]|Waiting for app ReplicaSet|Resource scheduled for deletion/;
/** The engine's own noise: headings, dots, durations, and how often it says where the plugin is. */
const NOISE =
  /^@ |^Duration:|using pulumi-(resource-kubernetes|language-nodejs) from|^\s*$|^(Updating|Refreshing|Destroying|Previewing|Importing)/;

/** What the user was told, each line once, in alphabetical order, without durations. */
export function messages(log: string): string[] {
  const lines = log
    .split("\n")
    .filter((line) => !NOISE.test(line))
    .filter((line) => !(RACY.test(line) && !line.includes("* ")))
    .map((line) => normalText(line.replace(/ \(\d+(\.\d+)?s\)/g, "").trimEnd()))
    .map((line) => line.replace(/;? ?\d+ warnings?$/, ""));
  return [...new Set(lines)].sort();
}
