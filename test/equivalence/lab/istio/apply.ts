import { Refused } from "../ground";
import { isNotFound, isStatus, refOf, type KubeClient, type KubeObject } from "../../../../kube";

const MODE = { fieldManager: "lab" };
const AT_ONCE = 8;

const keyOf = ({ apiVersion, kind, metadata }: KubeObject): string =>
  `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;

/** Makes the cluster hold one intent's objects after the other's: only what differs is written. */
export class Applied {
  private readonly held = new Map<string, { readonly text: string; readonly object: KubeObject }>();

  private readonly removed = new Map<string, KubeObject>();

  constructor(private readonly kube: KubeClient) {}

  /** What the API server refuses is thrown, after all else was written. */
  async become(objects: readonly KubeObject[]): Promise<void> {
    const wanted = new Map(objects.map((object) => [keyOf(object), object]));
    // Nobody is here to empty a namespace, so that none ever goes.
    const gone = [...this.held].filter(
      ([key, { object }]) => !wanted.has(key) && object.kind !== "Namespace",
    );
    const changed = [...wanted].filter(
      ([key, object]) => this.held.get(key)?.text !== JSON.stringify(object),
    );
    const refused: string[] = [];
    const attempt = (work: () => Promise<void>) =>
      work().catch((e: unknown) => refused.push((e as Error).message));
    await inTurns(gone, ([key, { object }]) => attempt(() => this.remove(key, object)));
    const isNamespace = (object: KubeObject): boolean => object.kind === "Namespace";
    for (const turn of [
      changed.filter(([, o]) => isNamespace(o)),
      changed.filter(([, o]) => !isNamespace(o)),
    ]) {
      await inTurns(turn, ([key, object]) => attempt(() => this.write(key, object)));
    }
    if (refused.length > 0) throw new Refused(refused);
  }

  /** The resourceVersion of each object of the kinds that istiod shows, by its name there; of removed ones none. */
  shownVersions(): ReadonlyMap<string, string | undefined> {
    const shown = ({ apiVersion }: KubeObject): boolean =>
      /istio\.io\/|^gateway\.networking/.test(apiVersion);
    const name = ({ kind, metadata }: KubeObject): string =>
      `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    const there = [...this.held.values()].map(({ object }) => object).filter(shown);
    return new Map([
      ...[...this.removed.values()].filter(shown).map((o): [string, undefined] => [name(o), undefined]),
      ...there.map((o): [string, string] => [name(o), o.metadata.resourceVersion ?? ""]),
    ]);
  }

  private async remove(key: string, object: KubeObject): Promise<void> {
    this.held.delete(key);
    this.removed.set(key, object);
    const { apiVersion, kind, metadata } = object;
    const ref = { apiVersion, kind, name: metadata.name ?? "", namespace: metadata.namespace ?? "" };
    await this.kube
      .delete(ref, { propagation: "Background", gracePeriodSeconds: 0 })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }

  /** istiod itself writes the status of some objects, so that the version that we wrote may not be the latest. */
  private async replace(object: KubeObject, resourceVersion: string): Promise<KubeObject> {
    const at = (version: string): KubeObject => ({
      ...object,
      metadata: { ...object.metadata, resourceVersion: version },
    });
    for (let version = resourceVersion, left = 10; ; left--) {
      try {
        return await this.kube.replace(at(version), MODE);
      } catch (error) {
        if (!isStatus(error, "Conflict") || left === 0) throw error;
        version = (await this.kube.get(refOf(object))).metadata.resourceVersion ?? "";
      }
    }
  }

  private async write(key: string, object: KubeObject): Promise<void> {
    const text = JSON.stringify(object);
    const before = this.held.get(key);
    const { resourceVersion = "" } = before?.object.metadata ?? {};
    let stored: KubeObject;
    if (before === undefined || object.kind === "Pod" || object.kind === "Service") {
      if (before !== undefined) await this.remove(key, before.object);
      stored = await this.kube.create(object, MODE);
    } else {
      stored = await this.replace(object, resourceVersion);
    }
    const { status } = object;
    if (status !== undefined) {
      const { apiVersion, kind, metadata } = object;
      const ref = { apiVersion, kind, name: metadata.name ?? "", subresource: "status" };
      const namespace = metadata.namespace ?? "default";
      await this.kube.mergePatch({ ...ref, namespace }, { status }, MODE);
    }
    this.held.set(key, { text, object: stored });
  }
}

export async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
