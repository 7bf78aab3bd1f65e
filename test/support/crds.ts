import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { formatPath } from "../../lib";
import { checkObjects, schemasOf, type CrdSchemas } from "../../mesh/plan/check-objects";
import type { KubeObject } from "../../mesh/plan/types";
import { moduleFolder } from "./modules";

/** Every CRD that a mesh of ours emits objects for, from where its project publishes it. */

export type GatewayChannel = "standard" | "experimental";

const repository = join(__dirname, "../..");

/** CRDs of projects that no module of ours brings along. */
function sharedFolder(): string | undefined {
  const own = process.env["MESHWRIGHT_SHARED"];
  const candidates = [...(own === undefined ? [] : [own]), join(repository, "../shared")];
  return candidates.map((folder) => join(folder, "data/crds")).find((folder) => existsSync(folder));
}

function objectsIn(folder: string): KubeObject[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return objectsIn(join(folder, entry.name));
    if (!/\.ya?ml$/.test(entry.name)) return [];
    const documents = parseAllDocuments(readFileSync(join(folder, entry.name), "utf8"));
    return (Array.isArray(documents) ? documents : []).flatMap((d) => (d.toJS() as KubeObject | null) ?? []);
  });
}

function isCrd({ kind }: KubeObject): boolean {
  return kind === "CustomResourceDefinition";
}

const istio = moduleFolder("istio.io/istio");
const gatewayApi = moduleFolder("sigs.k8s.io/gateway-api");
const shared = sharedFolder();

/** Where each source lies; undefined where it is not on this machine. */
export const crdSources = {
  "Istio's module": istio && join(istio, "manifests/charts/base/files"),
  "the Gateway API's module": gatewayApi && join(gatewayApi, "config/crd"),
  "the shared CRDs (MESHWRIGHT_SHARED)": shared,
};

const missing = Object.entries(crdSources).flatMap(([name, folder]) => (folder === undefined ? [name] : []));

/** Every CRD there is here, the Gateway API's of one channel. */
export function allCrds(channel: GatewayChannel = "experimental"): KubeObject[] {
  const folders = [
    crdSources["Istio's module"],
    gatewayApi && join(gatewayApi, "config/crd", channel),
    crdSources["the shared CRDs (MESHWRIGHT_SHARED)"],
  ];
  return folders.flatMap((folder) => (folder === undefined ? [] : objectsIn(folder))).filter(isCrd);
}

const schemas = new Map<GatewayChannel, CrdSchemas>();

function schemasFor(channel: GatewayChannel): CrdSchemas {
  const known = schemas.get(channel) ?? schemasOf(allCrds(channel));
  schemas.set(channel, known);
  return known;
}

/** Groups whose CRDs no source here has; the fields that we use of them are few, and read in their documentation. */
const UNPUBLISHED = new Set(["cert-manager.io"]);

/** Whether the CRD of an object could be here: Kubernetes' own kinds need none. */
export function hasKnownGroup({ apiVersion }: KubeObject): boolean {
  return !UNPUBLISHED.has(apiVersion.split("/")[0] ?? "");
}

/**
 * What the API server would say against objects by the schemas of their CRDs, each as `Kind ns/name: fault (at path)`.
 * Kubernetes' own kinds are passed over. Every other kind needs its CRD: use `whereCrdsAre` around the tests.
 */
export function checkAgainstCrds(
  objects: readonly KubeObject[],
  channel: GatewayChannel = "experimental",
): string[] {
  const placed = objects.filter(hasKnownGroup).map((object) => ({ object, at: [] }));
  return checkObjects(placed, schemasFor(channel)).map(
    ({ message, path }) => `${message}${path.length === 0 ? "" : ` (at ${formatPath(path)})`}`,
  );
}

/** `describe` where all CRDs are here; else skipped with the reason, or a failure where CI=true. */
export function whereCrdsAre(name: string, tests: () => void): void {
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const reason = `no CRDs: ${missing.join(", ")}`;
  if (process.env["CI"] === "true") throw new Error(reason);
  process.stderr.write(`skipped, ${reason}\n`);
  describe.skip(name, tests);
}
