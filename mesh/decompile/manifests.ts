import { isJsonObject, type Diagnostic, type FieldPath } from "../../lib";
import { Field } from "./field";
import type { Manifest } from "./types";

/** One object, its metadata checked, all else yet to be read. */
export interface Item {
  readonly kind: string;
  readonly name: string;
  /** `default` where the manifest names none, as for kubectl. */
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
  readonly annotations: Field;
  readonly root: Field;
  readonly spec: Field;
}

interface Filed {
  readonly group: string;
  readonly item: Item;
  taken: boolean;
}

/** Metadata that the API server writes, or that says nothing of the mesh. */
const NOT_SAYING = ["status", "apiVersion", "kind"];

/** Groups whose objects are workloads and their surroundings: they stay what they are beside an intent. */
const KUBERNETES = /^$|^(apps|batch|autoscaling|policy|extensions)$|^(?!.*gateway\.).*\.k8s\.io$/;
const OTHERS = /^(cert-manager\.io|monitoring\.coreos\.com|kiali\.io|apiextensions\.k8s\.io)$/;

/** The objects of an import by group and kind. What is never taken is lost as a whole. */
export class Manifests {
  private readonly all: readonly Filed[];

  constructor(manifests: readonly Manifest[], losses: Diagnostic[]) {
    this.all = manifests.flatMap((manifest) => fileOf(manifest, losses));
  }

  /** Where what all of them say together is said. */
  get at(): FieldPath {
    return [];
  }

  /** All objects of a kind, whatever the version of their API, in the order of their names. */
  take(group: string, kind: string): readonly Item[] {
    const found = this.all.filter((filed) => filed.group === group && filed.item.kind === kind);
    for (const filed of found) filed.taken = true;
    return found.map((filed) => filed.item).sort((a, b) => byPlace(a, b));
  }

  /** Reports objects of meshes that nobody took, and fields of taken ones that nobody read. */
  settle(security: readonly string[]): void {
    for (const { group, item, taken } of this.all) {
      const name = `${item.kind} ${item.namespace}/${item.name}`;
      const builtIn = KUBERNETES.test(group) || OTHERS.test(group);
      if (builtIn) continue;
      item.annotations.accept();
      if (taken) item.root.loseUnread(name, security.includes(item.kind));
      else item.root.lose({ message: `${name} has no place in an intent` });
    }
  }
}

function byPlace(a: Item, b: Item): number {
  const [x, y] = [`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function fileOf({ object, at }: Manifest, losses: Diagnostic[]): Filed[] {
  const root = new Field(object, at, losses);
  const apiVersion = root.get("apiVersion").text();
  const kind = root.get("kind").text();
  const name = root.get("metadata", "name").text();
  if (!isJsonObject(object) || apiVersion === undefined || kind === undefined || name === undefined) {
    root.lose({ message: "this is not a Kubernetes object: it lacks apiVersion, kind or metadata.name" });
    return [];
  }
  for (const key of NOT_SAYING) root.get(key).accept();
  const metadata = root.get("metadata");
  const namespace = metadata.get("namespace").text() ?? "default";
  const labels = metadata.get("labels").textMap();
  const annotations = metadata.get("annotations");
  for (const [key, field] of metadata.entries()) if (key !== "annotations") field.accept();
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return [
    {
      group,
      item: { kind, name, namespace, labels, annotations, root, spec: root.get("spec") },
      taken: false,
    },
  ];
}
