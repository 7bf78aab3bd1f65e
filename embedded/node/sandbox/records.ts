import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pod } from "../k8s";
import { podFolder, podsFolder } from "../paths";

/** What is kept of a pod beside its object: who it is, and the number that gives its address. */
export interface PodRecord {
  readonly namespace: string;
  readonly name: string;
  readonly number: number;
  /** The container that is meant where none is named. */
  readonly container: string;
}

const FIRST = 2;
const LAST = 254;

/** The pods of a node on disk, and their numbers. A number is given anew only after all others: peers may still hold the address. */
export class PodRecords {
  private last: number;

  constructor(private readonly node: string) {
    mkdirSync(podsFolder(node), { recursive: true, mode: 0o700 });
    this.last = Math.max(FIRST - 1, ...this.known().map((uid) => this.read(uid)?.number ?? 0));
  }

  known(): string[] {
    return readdirSync(podsFolder(this.node));
  }

  read(uid: string): PodRecord | undefined {
    const file = join(podFolder(this.node, uid), "pod.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as PodRecord) : undefined;
  }

  /** The pod's record, made with the next free number where it has none. */
  assign(pod: Pod): PodRecord {
    const { namespace, name, uid } = pod.metadata;
    const known = this.read(uid);
    if (known !== undefined) return known;
    const named = pod.metadata.annotations?.["kubectl.kubernetes.io/default-container"];
    const container =
      pod.spec.containers.find((c) => c.name === named)?.name ?? pod.spec.containers[0]?.name ?? "";
    const record = { namespace, name, number: this.nextNumber(), container };
    mkdirSync(podFolder(this.node, uid), { recursive: true, mode: 0o700 });
    const file = join(podFolder(this.node, uid), "pod.json");
    writeFileSync(`${file}.new`, JSON.stringify(record));
    renameSync(`${file}.new`, file);
    return record;
  }

  remove(uid: string): void {
    rmSync(podFolder(this.node, uid), { recursive: true, force: true });
  }

  private nextNumber(): number {
    const used = new Set(this.known().map((uid) => this.read(uid)?.number));
    for (let step = 1; step <= LAST - FIRST + 1; step++) {
      const number = FIRST + ((this.last - FIRST + step) % (LAST - FIRST + 1));
      if (used.has(number)) continue;
      this.last = number;
      return number;
    }
    throw new Error(`all ${LAST - FIRST + 1} pod addresses of this node are in use`);
  }
}
