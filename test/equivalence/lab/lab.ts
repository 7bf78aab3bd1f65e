import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../../kube";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import { appIp, OUTSIDE_IP } from "./addresses";
import { Authority, secretsOf } from "./certificates";
import { EnvoyPool } from "./envoy/pool";
import { Arrivals } from "./traffic/seen";
import { Echo } from "./traffic/echo";
import { startApiServer } from "./world/api-server";
import { Applied, inTurns } from "./world/apply";
import { startIstiod, type Istiod } from "./world/istiod";
import { workloadObjects } from "./world/objects";
import { podsOf, type Pod } from "./world/pods";
import { sidecarOf } from "./world/proxies";
import { direct, OUTSIDE_PORT, PASSTHROUGH_PORT, type Direct } from "./xds/direct";
import { Fetcher } from "./xds/fetch";
import { Relay } from "./xds/serve";

/** One intent at work: a real istiod told its objects, and a real Envoy plays each of its pods' sidecars. */
export interface Scene {
  readonly pods: readonly Pod[];
  /** By slot. */
  readonly sidecars: readonly Direct[];
  /** What Envoys refused of what istiod said. */
  readonly refused: readonly string[];
}

const SETTLE_MS = 120;
const STEP_MS = 20;
const DEADLINE_MS = 15_000;

/** A Kubernetes API server, an istiod, a few Envoys and the programs behind them. */
export class Lab {
  readonly arrivals = new Arrivals();
  private readonly echo = new Echo(this.arrivals);
  private readonly fetcher = new Fetcher();
  private epoch = 0;

  private constructor(
    readonly authority: Authority,
    private readonly istiod: Istiod,
    private readonly applied: Applied,
    private readonly envoys: EnvoyPool,
  ) {}

  static async start(folder: string, installed: readonly KubeObject[]): Promise<Lab> {
    const { kube, kubeconfig } = await startApiServer(folder);
    await inTurns(installed, (object) => kube.create(object, { fieldManager: "lab" }));
    const istiod = await startIstiod(folder, kubeconfig);
    const relay = new Relay();
    await relay.listen();
    return new Lab(await Authority.create(), istiod, new Applied(kube), new EnvoyPool(folder, relay));
  }

  /** Throws `Refused` where the API server does not take an object. */
  async enact(intent: NormalizedIntent, objects: readonly KubeObject[]): Promise<Scene> {
    const pods = podsOf(intent);
    const [, , before] = await Promise.all([
      this.envoys.grow(pods.length),
      this.listen(pods),
      this.applied.become([...workloadObjects(intent, pods), ...objects]),
    ]);
    void before;
    await this.settle();
    this.epoch += 1;
    const played = await Promise.all(pods.map((pod) => this.play(pod, intent.mtls.trustDomain)));
    return {
      pods,
      sidecars: played.map((p) => p.sidecar),
      refused: played.flatMap((p) => p.refused),
    };
  }

  private async play(
    pod: Pod,
    trustDomain: string,
  ): Promise<{ sidecar: Direct; refused: readonly string[] }> {
    const version = `e${this.epoch}`;
    const sidecar = direct(await this.fetcher.fetch(sidecarOf(pod)), pod, version);
    const spiffe = `spiffe://${trustDomain}/ns/${pod.namespace}/sa/${pod.serviceAccount}`;
    const secrets = secretsOf(await this.authority.identity(spiffe), this.authority.certificate);
    const refused = await this.envoys.become(pod.slot, { version, snapshot: sidecar.snapshot, secrets });
    return { sidecar, refused: refused.map((reason) => `${pod.namespace}/${pod.name}: ${reason}`) };
  }

  private async listen(pods: readonly Pod[]): Promise<void> {
    await this.echo.listen({ host: OUTSIDE_IP, port: OUTSIDE_PORT, slot: -1 });
    for (const { slot, service } of pods) {
      const ports = [...service.ports.map((p) => p.targetPort), PASSTHROUGH_PORT];
      for (const port of ports) await this.echo.listen({ host: appIp(slot), port, slot });
    }
  }

  /** Until istiod knows every object as it is written now, and had time to work it out. */
  private async settle(): Promise<void> {
    const wanted = this.applied.istioVersions();
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const known = await this.istiod.known();
      const late = [...wanted].filter(([key, version]) => known.get(key) !== version);
      const stale = [...known.keys()].filter(
        (key) => !wanted.has(key) && !/^ServiceEntry|^Gateway/.test(key),
      );
      if (late.length === 0 && stale.length === 0) break;
      if (Date.now() > deadline)
        throw new Error(`istiod does not know ${late.join(", ")}; it still knows ${stale.join(", ")}`);
      await sleep(STEP_MS);
    }
    await sleep(SETTLE_MS);
  }
}
