import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { compile, configureMesh } from "../../../../mesh";
import { configEntries, hclOf, type ConfigEntry } from "../../../../mesh/adapters/consul/export";
import { capabilityIds } from "../../../../mesh/capability/ids";
import { consulProgram, NO_CONSUL } from "../../../support/consul/program";
import { samples } from "../../../support/intents";
import { valid, value } from "../intents";
import { cluster } from "../istio/plans";

/**
 * A real agent takes every config entry that plans hold, in their order. test/equivalence/consul/README.md says how to
 * come by the program; AGENT_CASES=1500 for a night.
 */
const program = consulProgram();
const CASES = Number(process.env["AGENT_CASES"] ?? 150);
const there = program !== undefined;
if (!there) process.stderr.write(`skipped, ${NO_CONSUL}\n`);

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

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((s) => new Promise((resolve) => s.once("listening", resolve))));
  const ports = servers.map((s) => (s.address() as AddressInfo).port);
  await Promise.all(servers.map((s) => new Promise((resolve) => s.close(resolve))));
  return ports;
}

(there ? describe : describe.skip)("a Consul agent", () => {
  let agent: ChildProcess | undefined;
  let api = "";

  beforeAll(async () => {
    const [http = 0, grpc = 0, lan = 0, server = 0] = await freePorts(4);
    const off = ["-grpc-tls-port", "-dns-port", "-serf-wan-port"].flatMap((flag) => [flag, "-1"]);
    const on = { "-http-port": http, "-grpc-port": grpc, "-serf-lan-port": lan, "-server-port": server };
    const ports = Object.entries(on).flatMap(([flag, port]) => [flag, String(port)]);
    const deny = ["-hcl", 'default_intention_policy = "deny"'];
    const args = ["agent", "-dev", "-bind", "127.0.0.1", "-client", "127.0.0.1", ...ports, ...off, ...deny];
    agent = spawn(program ?? "", args, { stdio: "ignore" });
    api = `http://127.0.0.1:${http}`;
    for (let i = 0; i < 100; i++) {
      const leader = await fetch(`${api}/v1/status/leader`).then(
        (r) => r.text(),
        () => "",
      );
      if (leader.length > 2) return;
      await sleep(200);
    }
    throw new Error("the agent has no leader after 20 s");
  });
  afterAll(() => agent?.kill());

  /** What the agent says against an entry, if anything. */
  async function refusal(entry: ConfigEntry): Promise<string[]> {
    const answer = await fetch(`${api}/v1/config`, { method: "PUT", body: JSON.stringify(entry.entry) });
    return answer.ok ? [] : [`${entry.kind}/${entry.name}: ${await answer.text()}`];
  }

  async function wipe(): Promise<void> {
    for (const kind of LAST_FIRST) {
      const answer = await fetch(`${api}/v1/config/${kind}`);
      const entries = answer.ok ? ((await answer.json()) as { Name?: string; Subsets?: unknown }[]) : [];
      // Resolvers that lead to each other go once none does.
      for (const { Name, Subsets } of kind === "service-resolver" ? entries : []) {
        await fetch(`${api}/v1/config`, {
          method: "PUT",
          body: JSON.stringify({ Kind: kind, Name, Subsets }),
        });
      }
      for (const { Name = "mesh" } of entries) {
        await fetch(`${api}/v1/config/${kind}/${encodeURIComponent(Name)}`, { method: "DELETE" });
      }
    }
  }

  test.each(["kubernetes", "agents"])("takes what plans for %s hold", async (platform) => {
    const options = {
      kind: "consul",
      platform,
      acls: false,
      namespaces: { create: false },
      datacenter: "dc1",
    };
    const mesh = value(configureMesh(options));
    const target = { cluster: { ...cluster, internalLoadBalancer: { internal: "true" } } };
    const table = mesh.capabilities(target);
    const allowed = capabilityIds.filter((id) => table[id].kind !== "none");
    let written = 0;
    const refused: string[] = [];
    for (const { intent } of samples(CASES, 21, { allowed })) {
      const plan = compile(valid(intent), mesh, target);
      if (!plan.ok) continue;
      await wipe();
      for (const entry of configEntries(plan.value)) {
        refused.push(...(await refusal(entry)));
        written++;
      }
    }
    expect(refused).toEqual([]);
    expect(written).toBeGreaterThan(CASES);
  });

  test("refuses what it cannot keep, so that the others mean something", async () => {
    const entry = { Kind: "service-router", Name: "x", Routes: [{ Destination: { RetryOn: ["never"] } }] };
    expect(await refusal({ kind: "service-router", name: "x", entry })).toHaveLength(1);
  });

  test("reads the same from HCL as from JSON", async () => {
    await wipe();
    const entry: ConfigEntry = {
      kind: "service-defaults",
      name: "web",
      entry: {
        Kind: "service-defaults",
        Name: "web",
        Protocol: "http",
        UpstreamConfig: { Overrides: [{ Name: "a", Limits: { MaxConnections: 3 } }] },
        EnvoyExtensions: [{ Name: "builtin/lua", Arguments: { Listener: "inbound", Script: 'x = "${y}"' } }],
      },
    };
    expect(await refusal(entry)).toEqual([]);
    const read = async (): Promise<object> => {
      const found = (await (await fetch(`${api}/v1/config/service-defaults/web`)).json()) as object;
      return { ...found, CreateIndex: 0, ModifyIndex: 0 };
    };
    const fromJson = await read();
    await wipe();
    execFileSync(program ?? "", ["config", "write", "-http-addr", api, "-"], {
      input: hclOf(entry),
      stdio: "pipe",
    });
    expect(await read()).toEqual(fromJson);
  });
});
