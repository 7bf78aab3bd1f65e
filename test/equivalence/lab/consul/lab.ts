import { consulName } from "../../../../mesh/adapters/consul/names";
import { configEntries } from "../../../../mesh/adapters/consul/export";
import type { NormalizedIntent } from "../../../../mesh/intent/types";
import type { MeshPlan } from "../../../../mesh/plan/types";
import type { Request } from "../../../../mesh/semantics";
import { appIp, STRANGER_IP } from "../addresses";
import { Authority } from "../certificates";
import { EnvoyPool } from "../envoy/pool";
import { skip, type Entrance, type Ground, type Scene } from "../ground";
import { publish } from "../publish";
import { Authorizer } from "../traffic/authorizer";
import type { Line } from "../traffic/call";
import { Echo } from "../traffic/echo";
import { Arrivals } from "../traffic/seen";
import { fresh } from "../xds/fresh";
import { Relay } from "../xds/serve";
import { Agent } from "./agent";
import { ConsulFetcher } from "./fetch";
import { instancesOf, proxyId, PROXY_PORT, registrations, upstreamAt, type Instance } from "./instances";

/** A Consul agent as on a machine, a few Envoys and the programs behind them. Nothing that Consul says is changed. */
export class ConsulLab implements Ground {
  readonly arrivals = new Arrivals();
  readonly authorizer = new Authorizer();
  readonly habits = { fewRetriesAtOnce: true, tokenDenials403: true, singleClaims: true };
  readonly published = new Map<string, string>();
  private readonly fetcher = new ConsulFetcher();
  private readonly echo: Echo;
  private epoch = 0;

  private constructor(
    private readonly agent: Agent,
    private readonly envoys: EnvoyPool,
    server: { readonly certificate: string; readonly key: string },
  ) {
    this.echo = new Echo(this.arrivals, this.authorizer, server);
  }

  static async start(program: string, folder: string): Promise<ConsulLab> {
    const agent = await Agent.start(program, folder);
    const relay = new Relay();
    await relay.listen();
    const server = await (await Authority.create()).server("outside.example");
    const lab = new ConsulLab(agent, new EnvoyPool(folder, relay), server);
    await publish(lab.published);
    return lab;
  }

  async enact(intent: NormalizedIntent, plan: MeshPlan): Promise<Scene> {
    this.epoch += 1;
    const { epoch } = this;
    const instances = instancesOf(intent);
    await Promise.all([
      this.agent.configure(configEntries(plan)),
      this.envoys.grow(instances.length),
      this.listen(intent, instances),
    ]);
    for (const one of instances.flatMap((i) => registrations(i, { intent, epoch })))
      await this.agent.register(one);
    const refused = await Promise.all(instances.map(({ slot }) => this.play(slot)));
    return {
      players: instances.map(({ service, version }) => ({
        ...{ name: service.name, service: service.key },
        ...(version !== undefined && { version }),
      })),
      refused: refused.flat(),
      placed: withoutAddresses,
      entrance: (request) => entrance(request, { intent, instances, agent: this.agent }),
    };
  }

  private async play(slot: number): Promise<readonly string[]> {
    const version = `e${this.epoch}`;
    const snapshot = fresh(await this.fetcher.fetch(proxyId(this.epoch, slot)), version);
    const refused = await this.envoys.become(slot, { version, snapshot, secrets: new Map() });
    return refused.map((reason) => `slot ${slot}: ${reason}`);
  }

  private async listen(intent: NormalizedIntent, instances: readonly Instance[]): Promise<void> {
    const authorizers = new Set(intent.externalAuthorization.map((e) => e.service));
    for (const { slot, service } of instances) {
      for (const { targetPort: port } of service.ports)
        await this.echo.listen({ host: appIp(slot), port, slot, authorizes: authorizers.has(service.key) });
    }
  }
}

/** Consul knows callers by their identity alone. */
function withoutAddresses(request: Request): Request {
  const { address, ...from } = request.from;
  void address;
  return { ...request, from };
}

interface Stage {
  readonly intent: NormalizedIntent;
  readonly instances: readonly Instance[];
  readonly agent: Agent;
}

/** Callers with a proxy call by its address for a service; all others call the proxies of the service's instances. */
async function entrance({ from, to, call }: Request, { intent, instances, agent }: Stage): Promise<Entrance> {
  if (to.kind !== "service") return skip("only services are called here");
  const index = intent.services.findIndex((s) => s.key === to.service);
  const called = intent.services[index];
  if (called?.ports.every((p) => p.port !== to.port) !== false)
    return skip("a service of Consul's has no other port");
  if (from.kind === "service") {
    const caller = instances.find((i) => i.service.key === from.service);
    return caller === undefined
      ? skip("the caller has no instance")
      : { kind: "open", lines: [upstreamAt(caller.slot, index)] };
  }
  const own = instances.filter((i) => i.service.key === to.service);
  const lines: Line[] = own.map(({ ip }) => ({ host: ip, port: PROXY_PORT, from: STRANGER_IP }));
  if (from.kind === "unmeshed") return { kind: "open", lines };
  const { trustDomain } = intent.mtls;
  const holder =
    from.kind === "principal"
      ? intent.services.find(
          (s) => from.principal === `spiffe://${trustDomain}/ns/${s.namespace}/sa/${s.serviceAccount}`,
        )
      : undefined;
  if (holder === undefined) return skip("Consul's identities are those of its services");
  const identity = await agent.leaf(consulName(holder));
  const tls = { name: "mesh", identity, protocols: [call.kind === "grpc" ? "h2" : "http/1.1"] };
  return { kind: "open", lines: lines.map((line) => ({ ...line, tls })) };
}
