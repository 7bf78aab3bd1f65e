/**
 * Writes the fixtures anew, from the real istiod of an embedded cluster that holds the sample and nothing else:
 * `node --require tsx/cjs test/unit/verify/capture.ts <cluster>`. Each fault is applied by hand and taken back.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCluster } from "../../../embedded/cluster/read";
import { refOf, sleep, type KubeClient, type KubeObject } from "../../../kube";
import { expectedOf } from "../../../verify/expected";
import { observe } from "../../../verify/observe";
import { reachEmbedded } from "../../../verify/reach";
import { clientOf, compileSample } from "../../e2e/verify/sample";
import { faults, type Fault } from "./faults";
import { trim } from "./trim";

const OWNER = { fieldManager: "capture" };
const PUSHED_MS = 4000;

async function withFault(kube: KubeClient, fault: Fault, then: () => Promise<void>): Promise<void> {
  const before = await Promise.all(fault.change.map((object) => kube.find(refOf(object))));
  for (const object of fault.change) {
    if (fault.removes) await kube.delete(refOf(object), { propagation: "Background" });
    else if ((await kube.find(refOf(object))) === undefined) await kube.create(object, OWNER);
    else await kube.mergePatch(refOf(object), { spec: object["spec"] }, OWNER);
  }
  await sleep(PUSHED_MS);
  await then();
  for (const [at, object] of fault.change.entries()) {
    const old = before[at];
    if (old === undefined) await kube.delete(refOf(object), { propagation: "Background" });
    else await putBack(kube, old);
  }
  await sleep(PUSHED_MS);
}

async function putBack(kube: KubeClient, old: KubeObject): Promise<void> {
  const now = await kube.find(refOf(old));
  const { name, namespace, labels } = old.metadata;
  const metadata = {
    name,
    namespace,
    labels,
    ...(now && { resourceVersion: now.metadata.resourceVersion }),
  } as KubeObject["metadata"];
  const object = { apiVersion: old.apiVersion, kind: old.kind, metadata, spec: old["spec"] };
  await (now === undefined ? kube.create(object, OWNER) : kube.replace(object, OWNER));
}

async function main(name: string): Promise<void> {
  const cluster = readCluster(name);
  if (cluster === undefined) throw new Error(`there is no cluster ${name}`);
  const kube = clientOf(cluster);
  const { intent, plan } = compileSample(cluster);
  const expected = expectedOf(intent, plan);
  if (expected === undefined) throw new Error("the plan's mesh has no Envoy");
  const write = async (file: string, of: readonly string[]) => {
    const { proxies, pods, peerAuthentications } = await observe(kube, expected, {
      pods: reachEmbedded(cluster),
    });
    const chosen = proxies.filter((proxy) => of.includes(proxy.serviceAccount)).map(trim);
    const bare = peerAuthentications.map(({ apiVersion, kind, metadata, spec }) => {
      return { apiVersion, kind, metadata: { namespace: metadata.namespace, name: metadata.name }, spec };
    });
    const observed = { proxies: chosen, pods, peerAuthentications: bare, syncs: [] };
    writeFileSync(join(__dirname, "fixtures", `${file}.json`), `${JSON.stringify(observed)}\n`);
  };
  await write("good", ["bookinfo-productpage", "bookinfo-details", "public-gateway"]);
  for (const [file, fault] of Object.entries(faults))
    await withFault(kube, fault, () => write(file, fault.seenBy));
  kube.close();
}

void main(process.argv[2] ?? "local");
