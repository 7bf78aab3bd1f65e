import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteCluster, startCluster } from "../../embedded/cluster";
import type { DataPlane, EmbeddedCluster } from "../../embedded/cluster/types";
import { ensureAssets } from "../../embedded/tools";
import type { KubeClient, KubeObject } from "../../kube";
import { formatReport, verify, type VerificationReport, type VerifyRequest } from "../../verify";
import { describeWithDataPlane, describeWithIstiod } from "./verify/needs";
import { applyPlan, clientOf, compileSample, type Sample } from "./verify/sample";

jest.setTimeout(600_000);

const home = process.env["MESHWRIGHT_HOME"];
const BY_HAND = { fieldManager: "somebody" };

let cluster: EmbeddedCluster;
let sample: Sample;
let kube: KubeClient;

async function report(level: NonNullable<VerifyRequest["level"]>): Promise<VerificationReport> {
  return verify({ cluster: { kind: "embedded", cluster }, ...sample, level }, () => undefined);
}

function failed(seen: VerificationReport): string[] {
  return seen.checks.filter((check) => check.status === "failed").map((check) => check.id);
}

/** Everything found by one check, as lines. */
function found(seen: VerificationReport, id: string): string {
  const findings = seen.checks.find((check) => check.id === id)?.findings ?? [];
  return findings.map((finding) => `${finding.where}: ${finding.message}`).join("\n");
}

/** Applies an object by hand, looks at what verification says, and takes the object away again. */
async function withStray(object: KubeObject, level: "xds" | "traffic"): Promise<VerificationReport> {
  await kube.create(object, BY_HAND);
  try {
    return await report(level);
  } finally {
    const { apiVersion, kind, metadata } = object;
    const { name = "", namespace = "" } = metadata;
    await kube.delete({ apiVersion, kind, name, namespace }, { propagation: "Background" });
  }
}

function withSample(dataPlane: DataPlane): void {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "meshwright-e2e-verify-"));
    process.env["MESHWRIGHT_HOME"] = folder;
    const charts = (await ensureAssets()).get("istio-charts")?.path ?? "";
    cluster = await startCluster({ name: `verify-${dataPlane}`, dataPlane }, () => undefined);
    kube = clientOf(cluster);
    sample = compileSample(cluster);
    await applyPlan(sample.plan, cluster, charts);
  });
  afterAll(async () => {
    kube?.close();
    await deleteCluster(`verify-${dataPlane}`, () => undefined);
    rmSync(folder, { recursive: true, force: true });
    if (home === undefined) delete process.env["MESHWRIGHT_HOME"];
    else process.env["MESHWRIGHT_HOME"] = home;
  });
}

const permissive: KubeObject = {
  ...{ apiVersion: "security.istio.io/v1", kind: "PeerAuthentication" },
  metadata: { name: "by-hand", namespace: "bookinfo" },
  spec: { mtls: { mode: "PERMISSIVE" } },
};

describeWithIstiod("verification of the sample by a real istiod, its workloads simulated", () => {
  withSample("host");

  test("it passes by what every proxy is told, and says that no request was sent", async () => {
    const seen = await report("traffic");
    expect({ failed: failed(seen), text: formatReport(seen) }).toMatchObject({ failed: [] });
    expect(seen).toMatchObject({ ok: true, proof: "xds" });
    expect(seen.checks.find((check) => check.id === "traffic-plaintext")).toMatchObject({
      ...{ status: "skipped", reason: "without root, workloads are simulated" },
    });
    expect(formatReport(seen)).toContain("not by traffic");
  });

  test("a PERMISSIVE PeerAuthentication applied by hand fails it", async () => {
    const seen = await withStray(permissive, "traffic");
    expect(failed(seen)).toEqual(["inbound-mtls", "peer-authentication"]);
  });

  test("where istiod is out of reach, the objects are judged and the rest is said to be unchecked", async () => {
    const away = { kind: "kubeconfig" as const, path: cluster.kubeconfig };
    const seen = await verify({ cluster: away, ...sample }, () => undefined);
    expect(seen).toMatchObject({ ok: true, proof: "objects" });
    expect(seen.checks.find((check) => check.id === "routes")).toMatchObject({ status: "skipped" });
    await kube.create(permissive, BY_HAND);
    expect(failed(await verify({ cluster: away, ...sample }, () => undefined))).toEqual([
      "peer-authentication",
    ]);
  });
});

describeWithDataPlane("verification of the sample on a real mesh", () => {
  withSample("netns");

  test("what was just applied is proven by traffic, with its figures", async () => {
    const seen = await report("traffic");
    expect({ failed: failed(seen), text: formatReport(seen) }).toMatchObject({ failed: [] });
    expect(seen).toMatchObject({ ok: true, proof: "traffic" });
    expect(seen.checks.map((check) => [check.id, check.status])).toEqual(
      [
        ...["workloads", "accepted", "inbound-mtls", "peer-authentication", "outbound-mtls", "authorization"],
        ...["routes", "gateways", "analyzers", "traffic-calls", "traffic-denied", "traffic-plaintext"],
        ...["traffic-certificates", "traffic-weights", "traffic-gateway"],
      ].map((id) => [id, "passed"]),
    );
    const figures = Object.fromEntries(seen.checks.map((check) => [check.id, check.figures]));
    expect(figures["accepted"]).toMatchObject({ "proxies asked for": 7, "proxies running": 7 });
    expect(figures["traffic-calls"]).toMatchObject({
      "calls allowed": 3,
      "caller's certificate seen by the application": "3 of 3",
    });
    expect(figures["traffic-certificates"]).toMatchObject({ "identities with access answered": "4 of 4" });
    expect(figures["traffic-gateway"]).toMatchObject({
      "gateway public GET http://bookinfo.example.com/productpage": 200,
      "gateway public GET http://nobody.meshwright.invalid/": 404,
    });
  });

  test("a PERMISSIVE PeerAuthentication applied by hand fails it, and plaintext is seen to get through", async () => {
    const seen = await withStray(permissive, "traffic");
    expect(seen.ok).toBe(false);
    expect(failed(seen)).toEqual(
      expect.arrayContaining(["inbound-mtls", "peer-authentication", "traffic-plaintext"]),
    );
    expect(found(seen, "peer-authentication")).toContain("PeerAuthentication bookinfo/by-hand");
    expect(found(seen, "inbound-mtls")).toContain("PeerAuthentication bookinfo/by-hand");
  });

  test("a stray ALLOW fails it, and the request that it lets through is seen", async () => {
    const seen = await withStray(
      {
        ...{ apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy" },
        metadata: { name: "by-hand", namespace: "bookinfo" },
        spec: {
          selector: { matchLabels: { app: "details" } },
          action: "ALLOW",
          rules: [{ from: [{ source: { principals: ["cluster.local/ns/bookinfo/sa/bookinfo-ratings"] } }] }],
        },
      },
      "traffic",
    );
    expect(failed(seen)).toEqual(expect.arrayContaining(["authorization", "traffic-certificates"]));
    expect(found(seen, "authorization")).toContain("AuthorizationPolicy bookinfo/by-hand");
    expect(found(seen, "traffic-certificates")).toContain(
      "sa/bookinfo-ratings should be denied, but got 200",
    );
  });

  test("a wrong weight fails it", async () => {
    const ref = {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      namespace: "bookinfo",
      name: "reviews",
    };
    const { spec } = (await kube.get(ref)) as unknown as {
      spec: { http: { route: { weight?: number }[] }[] };
    };
    const http = spec.http.map((rule) => ({
      ...rule,
      route: rule.route.map((to) => (to.weight === 80 ? { ...to, weight: 78 } : to)),
    }));
    await kube.mergePatch(ref, { spec: { http } }, BY_HAND);
    try {
      const seen = await report("xds");
      expect(seen).toMatchObject({ ok: false, proof: "xds" });
      expect(failed(seen)).toEqual(["routes"]);
      expect(found(seen, "routes")).toContain("VirtualService bookinfo/reviews");
    } finally {
      await kube.mergePatch(ref, { spec: { http: spec.http } }, BY_HAND);
    }
  });

  test("once all of it is taken back, it passes again", async () => {
    expect(failed(await report("xds"))).toEqual([]);
  });
});
