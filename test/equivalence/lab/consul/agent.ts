import type { ConfigEntry } from "../../../../mesh/adapters/consul/export";
import { Refused } from "../ground";
import type { Registration } from "./instances";
import { httpGet, start, untilReady } from "../process";

export const CONSUL_XDS = "127.0.0.1:8502";
const API = "http://127.0.0.1:8500";

/** What must go before what, since Consul keeps what others refer to. */
const LAST_FIRST = [
  "service-router",
  "service-splitter",
  "service-resolver",
  "service-intentions",
  "terminating-gateway",
  "service-defaults",
  "jwt-provider",
  "proxy-defaults",
  "mesh",
];

/** One Consul agent that is a server of its own, with nothing on disk. */
export class Agent {
  private constructor(private readonly registered = new Set<string>()) {}

  static async start(program: string, folder: string): Promise<Agent> {
    const args = ["agent", "-dev", "-bind", "127.0.0.1", "-client", "127.0.0.1", "-log-level", "warn"];
    const argv = [program, ...args, "-hcl", 'default_intention_policy = "deny"'];
    const started = start("consul", argv, { folder });
    await untilReady(started, async () => (await httpGet(`${API}/v1/status/leader`)).body.length > 2);
    return new Agent();
  }

  /** Takes away everything of the intent before, and writes what this one has, in its order. */
  async configure(entries: readonly ConfigEntry[]): Promise<void> {
    for (const id of this.registered) await this.call("PUT", `/v1/agent/service/deregister/${id}`);
    this.registered.clear();
    await this.wipe();
    const refused: string[] = [];
    for (const { kind, name, entry } of entries) {
      const said = await this.call("PUT", "/v1/config", entry);
      if (said !== undefined) refused.push(`${kind}/${name}: ${said}`);
    }
    if (refused.length > 0) throw new Refused(refused);
  }

  async register(service: Registration): Promise<void> {
    const said = await this.call("PUT", "/v1/agent/service/register", service);
    if (said !== undefined) throw new Error(`Consul does not register ${service.ID}: ${said}`);
    this.registered.add(service.ID);
  }

  /** The certificate of a service, as its proxy has it. */
  async leaf(service: string): Promise<{ readonly certificate: string; readonly key: string }> {
    const { body } = await httpGet(`${API}/v1/agent/connect/ca/leaf/${service}`);
    const { CertPEM, PrivateKeyPEM } = JSON.parse(body) as { CertPEM: string; PrivateKeyPEM: string };
    return { certificate: CertPEM, key: PrivateKeyPEM };
  }

  private async wipe(): Promise<void> {
    for (const kind of LAST_FIRST) {
      const { status, body } = await httpGet(`${API}/v1/config/${kind}`);
      const entries = status === 200 ? (JSON.parse(body) as { Name?: string; Subsets?: unknown }[]) : [];
      // Resolvers that lead to each other go once none does.
      for (const { Name, Subsets } of kind === "service-resolver" ? entries : [])
        await this.call("PUT", "/v1/config", { Kind: kind, Name, Subsets });
      for (const { Name = "mesh" } of entries)
        await this.call("DELETE", `/v1/config/${kind}/${encodeURIComponent(Name)}`);
    }
  }

  /** What the agent says against it, if anything. */
  private async call(method: string, path: string, body?: object): Promise<string | undefined> {
    const answer = await fetch(`${API}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return answer.ok ? undefined : text;
  }
}
