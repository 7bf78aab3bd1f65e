import { isDnsLabel, isHost } from "../../../lib";
import type { ExternalService } from "../../intent/types";
import type { Draft } from "../draft";
import type { Item, Manifests } from "../manifests";
import { GROUP } from "../gateway-api/parents";
import { POLICY } from "./model";

type Port = ExternalService["ports"][number];

const PROTOCOL: Readonly<Record<string, Port["protocol"]>> = {
  HTTPRoute: "http",
  GRPCRoute: "grpc",
  TLSRoute: "tls",
  TCPRoute: "tcp",
};

/** Who may leave the mesh, and where to. Returns the routes that are of that, and of nothing else. */
export function readEgress(manifests: Manifests, draft: Draft): ReadonlySet<Item> {
  for (const { spec } of manifests.take(POLICY, "EgressNetwork")) {
    const policy = spec.get("trafficPolicy").word("Allow", "Deny");
    if (policy !== undefined) draft.egress = policy === "Deny" ? "deny" : "allow";
  }
  const routes = Object.keys(PROTOCOL)
    .flatMap((kind) => manifests.take(GROUP, kind))
    .filter(leadsOut);
  for (const route of routes) readRoute(route, draft);
  return new Set(routes);
}

function leadsOut({ spec }: Item): boolean {
  const parents = spec.get("parentRefs").items();
  return parents.length > 0 && parents.every((ref) => ref.get("kind").text() === "EgressNetwork");
}

function readRoute({ kind, name, spec }: Item, draft: Draft): void {
  const written = spec.get("hostnames").texts().filter(isHost);
  const hosts = written.length === 0 ? ["*"] : [...new Set(written)].sort();
  const plain = spec
    .get("rules")
    .items()
    .every((rule) => !rule.get("filters").there && !rule.get("matches").there);
  if (!plain) {
    spec.lose({ message: "an intent says which hosts may be called, not which requests" });
    return;
  }
  for (const ref of spec.get("parentRefs").items()) {
    const port = ref.get("port").number() ?? (kind === "HTTPRoute" ? 80 : 443);
    const base = name.endsWith(`-${port}`) ? name.slice(0, -`-${port}`.length) : name.replaceAll(".", "-");
    add(
      {
        name: isDnsLabel(base) ? base : "outside",
        hosts,
        ports: [{ port, protocol: PROTOCOL[kind] ?? "tcp" }],
        at: spec.at,
      },
      draft,
    );
  }
  spec.accept();
}

function add(external: ExternalService, { external: known }: Draft): void {
  const i = known.findIndex(
    (other) => other.name === external.name && other.hosts.join() === external.hosts.join(),
  );
  const twin = known[i];
  if (twin === undefined) known.push(external);
  else known[i] = { ...twin, ports: [...twin.ports, ...external.ports] };
}
