import { setTimeout as sleep } from "node:timers/promises";
import type { KubeObject } from "../../../../kube";
import { isJsonObject, type JsonObject } from "../../../../lib";
import type { NormalizedIntent } from "../../../../mesh/intent/types";
import type { MeshPlan } from "../../../../mesh/plan/types";
import { appIp, Block, CLUSTER_IPS, outboundBlock, OUTSIDE_IP } from "../addresses";
import { Authority, secretsOf, serverSecret } from "../certificates";
import { EnvoyPool } from "../envoy/pool";
import { publish } from "../publish";
import { Authorizer } from "../traffic/authorizer";
import { Echo } from "../traffic/echo";
import { Arrivals } from "../traffic/seen";
import { startApiServer } from "./api-server";
import { Applied, inTurns } from "./apply";
import { startIstiod, type Istiod } from "./istiod";
import { certificateSecret, workloadObjects } from "./objects";
import { deployedOf, podsOf, type Deployed, type Pod } from "./pods";
import { proxyOf } from "./proxies";
import { direct, OUTSIDE_PORT, PASSTHROUGH_PORT, type Direct } from "./direct";
import { Fetcher } from "./fetch";
import type { Ground, Scene } from "../ground";
import { entrance, placed, type Stage } from "./entrance";
import { fresh } from "../xds/fresh";
import { Relay } from "../xds/serve";
import type { Packed } from "../xds/services";

interface Certificates {
  readonly objects: readonly KubeObject[];
  readonly secrets: ReadonlyMap<string, Packed>;
}

const SETTLE_MS = 150;
const STEP_MS = 20;
const DEADLINE_MS = 15_000;

/** A Kubernetes API server, an istiod, a few Envoys and the programs behind them. */
export class Lab implements Ground {
  readonly arrivals = new Arrivals();
  readonly authorizer = new Authorizer();
  readonly habits = { fewRetriesAtOnce: false, tokenDenials403: false, singleClaims: false };
  /** Documents that istiod can fetch, by path. */
  readonly published = new Map<string, string>();
  private readonly echo: Echo;
  private readonly fetcher = new Fetcher();
  private readonly clusterIps = new Block(CLUSTER_IPS);
  private readonly outboundIps = new Map<number, Block>();
  private epoch = 0;

  private constructor(
    readonly authority: Authority,
    private readonly istiod: Istiod,
    private readonly applied: Applied,
    private readonly envoys: EnvoyPool,
    server: { readonly certificate: string; readonly key: string },
  ) {
    this.echo = new Echo(this.arrivals, this.authorizer, server);
  }

  static async start(folder: string, installed: readonly KubeObject[]): Promise<Lab> {
    const { kube, kubeconfig } = await startApiServer(folder);
    await inTurns(installed, (object) => kube.create(object, { fieldManager: "lab" }));
    const authority = await Authority.create();
    const istiod = await startIstiod(folder, { kubeconfig, root: authority.certificate });
    const relay = new Relay();
    await relay.listen();
    const server = await authority.server("outside.example");
    const lab = new Lab(authority, istiod, new Applied(kube), new EnvoyPool(folder, relay), server);
    await publish(lab.published);
    return lab;
  }

  /** Throws `Refused` where the API server does not take an object. */
  async enact(intent: NormalizedIntent, plan: MeshPlan): Promise<Scene> {
    const deployed = deployedOf(intent, plan);
    const pods = podsOf(deployed);
    const planned = plan.steps.flatMap((s) =>
      s.do.kind === "objects" ? s.do.objects : [],
    ) as readonly KubeObject[];
    const certificates = await this.certificates(intent, deployed);
    const workloads = workloadObjects(deployed, { pods, clusterIps: this.clusterIps, planned });
    await Promise.all([
      this.envoys.grow(pods.length),
      this.listen(intent, pods),
      this.istiod.configure(meshConfigOf(plan)),
      this.applied.become([...workloads, ...certificates.objects, ...planned]),
    ]);
    await this.settle();
    this.epoch += 1;
    const played = await Promise.all(
      pods.map((pod) => this.play(pod, { intent, certificates: certificates.secrets })),
    );
    const { authority, clusterIps } = this;
    const stage: Stage = { intent, pods, proxies: played.map((p) => p.proxy), clusterIps, authority };
    return {
      players: pods.map(({ name, of, version }) => ({
        name,
        ...(of.service !== undefined && { service: of.service.key }),
        ...(version !== undefined && { version }),
      })),
      refused: played.flatMap((p) => p.refused),
      placed: (request) => placed(request, pods),
      entrance: (request) => entrance(request, stage),
    };
  }

  private async play(
    pod: Pod,
    { intent, certificates }: { intent: NormalizedIntent; certificates: ReadonlyMap<string, Packed> },
  ): Promise<{ proxy: Direct; refused: readonly string[] }> {
    const version = `e${this.epoch}`;
    const { namespace, serviceAccount } = pod.of;
    const outboundIps = this.outboundIps.get(pod.slot) ?? new Block(outboundBlock(pod.slot));
    this.outboundIps.set(pod.slot, outboundIps);
    const proxy = direct(await this.fetcher.fetch(proxyOf(pod)), pod, outboundIps);
    const spiffe = `spiffe://${intent.mtls.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
    const own = secretsOf(await this.authority.identity(spiffe), this.authority.certificate);
    const secrets = new Map([...own, ...certificates]);
    const refused = await this.envoys.become(pod.slot, {
      version,
      snapshot: fresh(proxy.snapshot, version),
      secrets,
    });
    return { proxy, refused: refused.map((reason) => `${namespace}/${pod.name}: ${reason}`) };
  }

  /** Of the gateways' listeners: as the API server has them, and as proxies get them, by istiod's names for them. */
  private async certificates(intent: NormalizedIntent, deployed: readonly Deployed[]): Promise<Certificates> {
    const all = intent.gateways.flatMap(({ name, listeners }) => {
      const namespace = deployed.find((d) => d.gateway === name)?.namespace ?? "";
      return listeners.flatMap((l) => (l.tlsSecret === undefined ? [] : [{ name: l.tlsSecret, namespace }]));
    });
    const objects: KubeObject[] = [];
    const secrets = new Map<string, Packed>();
    for (const place of new Map(all.map((p) => [p.name, p])).values()) {
      const { name, namespace } = place;
      const identity = await this.authority.server(`${name}.example`);
      objects.push(certificateSecret(place, identity));
      for (const known of [`kubernetes://${name}`, `kubernetes-gateway://${namespace}/${name}`])
        secrets.set(known, serverSecret(known, identity));
    }
    return { objects, secrets };
  }

  private async listen(intent: NormalizedIntent, pods: readonly Pod[]): Promise<void> {
    const authorizers = new Set(intent.externalAuthorization.map((e) => e.service));
    await this.echo.listen({ host: OUTSIDE_IP, port: OUTSIDE_PORT, slot: -1, authorizes: false });
    for (const { slot, of } of pods) {
      const ports = new Set([...of.ports.map((p) => p.targetPort), PASSTHROUGH_PORT]);
      const authorizes = authorizers.has(of.service?.key ?? "");
      for (const port of ports) await this.echo.listen({ host: appIp(slot), port, slot, authorizes });
    }
  }

  /** Until istiod knows every object as it is written now, and had time to work it out. */
  private async settle(): Promise<void> {
    const wanted = [...this.applied.shownVersions()];
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const known = await this.istiod.known();
      // istiod itself writes some objects' status, which makes them later still.
      const knows = ([key, version]: (typeof wanted)[number]): boolean =>
        version === undefined ? !known.has(key) : Number(known.get(key)) >= Number(version);
      const late = wanted.filter((one) => !knows(one)).map(([key]) => key);
      if (late.length === 0) break;
      if (Date.now() > deadline) throw new Error(`istiod does not know the latest of ${late.join(", ")}`);
      await sleep(STEP_MS);
    }
    await sleep(SETTLE_MS);
  }
}

/** What the plan has installed as the mesh's own settings. */
function meshConfigOf(plan: MeshPlan): JsonObject {
  const charts = plan.steps.flatMap((s) => (s.do.kind === "chart" ? [s.do.chart] : []));
  const found = charts.find((c) => c.chart === "istiod")?.values["meshConfig"];
  return isJsonObject(found) ? found : {};
}
