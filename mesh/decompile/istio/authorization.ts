import { dropDoubles } from "../closing";
import { isHttpLike, type Access } from "../../intent/types";
import type { Draft, DraftGateway, DraftService } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { chosenBy, hasAll } from "../services";
import { isRoot, type Context } from "./context";
import { sharedTrustDomain } from "./principals";
import { readPolicyRule, type PolicyRule } from "./policy-rule";

/** What a policy holds for. */
interface Scope {
  readonly services: readonly DraftService[];
  readonly gateways: readonly DraftGateway[];
  /** The whole mesh. */
  readonly mesh: boolean;
  /** Whether ports are those of the Service; else they are its pods'. */
  readonly servicePorts?: true;
}

/** What is known of all policies together, which only shows at the end. */
interface Findings {
  /** Services that some policy admits something to, or closes without admitting anything. */
  readonly closed: Set<string>;
  readonly openGateways: Set<string>;
  meshClosed: boolean;
}

export function readAuthorizationPolicies(context: Context): void {
  const { manifests, draft } = context;
  const policies = manifests.take("security.istio.io", "AuthorizationPolicy");
  const principals = policies.flatMap(({ spec }) =>
    spec
      .get("rules")
      .items()
      .flatMap((rule) =>
        rule
          .get("from")
          .items()
          .flatMap((from) => from.get("source", "principals").texts()),
      ),
  );
  // Where the mesh's own config is there, it says it.
  if (!context.configured) draft.trustDomain = sharedTrustDomain(principals, draft) ?? draft.trustDomain;
  const findings: Findings = { closed: new Set(), openGateways: new Set(), meshClosed: false };
  for (const policy of policies) readPolicy(policy, { context, findings });
  closeTheRest(draft, findings);
}

function readPolicy(item: Item, around: { context: Context; findings: Findings }): void {
  const { spec } = item;
  const scope = scopeOf(item, around.context.draft);
  const action = spec.get("action").word("ALLOW", "DENY", "AUDIT", "CUSTOM") ?? "ALLOW";
  if (scope === undefined) {
    const message = "what this policy is for is not a service or gateway among the manifests";
    const hint = "add its Service to what is imported";
    spec.lose({ message, hint, security: true });
    return;
  }
  if (action === "ALLOW" && isFromWaypoint(item, around.context.draft)) {
    spec.accept();
    return;
  }
  if (action === "CUSTOM") return readCustom(item, scope, around.context);
  const rules = spec.get("rules").items();
  if (action === "ALLOW") admit(scope, { rules, findings: around.findings, spec });
  const read = rules.map((rule) => readPolicyRule(rule, item.namespace, around.context.draft));
  if (scope.services.length === 0 && scope.gateways.length > 0) return;
  const kind = action === "ALLOW" ? "allow" : action === "DENY" ? "deny" : "audit";
  for (const service of scope.services) {
    around.context.draft.access.push(
      ...read.flatMap((all) => all.flatMap((rule) => accessOf(rule, { service, scope, action: kind }))),
    );
  }
}

/** What only keeps callers from going around the proxy that holds the policies. */
function isFromWaypoint({ spec }: Item, { waypoints }: Draft): boolean {
  const rules = spec.get("rules").items();
  const sources = rules.flatMap((rule) => rule.get("from").items()).map((from) => from.get("source"));
  const principals = sources.flatMap((source) => source.get("principals").texts());
  const accounts = principals
    .map((p) => /\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(p))
    .map((found) => `${found?.[1]}/${found?.[2]}`);
  return rules.length > 0 && accounts.length > 0 && accounts.every((account) => waypoints.has(account));
}

function admit(
  scope: Scope,
  { rules, findings, spec }: { rules: readonly Field[]; findings: Findings; spec: Field },
): void {
  for (const service of scope.services) findings.closed.add(service.key);
  if (scope.mesh && rules.length === 0) findings.meshClosed = true;
  spec.entries();
  for (const gateway of scope.gateways) {
    if (rules.some((rule) => admitsEverybody(rule))) findings.openGateways.add(gateway.name);
    else if (!scope.mesh) {
      const message = `gateway ${gateway.name} admits everybody on its listeners, in an intent; this policy narrows it`;
      spec
        .get("rules")
        .lose({ message, security: true, hint: "narrow the access to the services behind it" });
    }
  }
}

/** A rule that names nothing but ports. */
function admitsEverybody(rule: Field): boolean {
  const operations = rule.get("to").items();
  const portsOnly = operations.every((to) =>
    to
      .get("operation")
      .entries()
      .every(([key]) => key === "ports"),
  );
  return !rule.get("from").there && !rule.get("when").there && portsOnly;
}

function scopeOf({ spec, namespace }: Item, draft: Draft): Scope | undefined {
  const selector = spec.get("selector", "matchLabels");
  const refs = spec.get("targetRefs").items();
  const all = [...draft.services.values()];
  if (refs.length > 0) return targets(refs, namespace, draft);
  if (selector.there) {
    const labels = selector.textMap();
    const gateways = [...draft.gateways.values()].filter(
      (g) => (g.namespace === namespace || isRoot(namespace)) && hasAll(g.selector, labels),
    );
    const services = isRoot(namespace)
      ? all.filter((s) => hasAll(s.selector, labels))
      : chosenBy(draft, namespace, labels);
    return services.length + gateways.length === 0 ? undefined : { services, gateways, mesh: false };
  }
  if (isRoot(namespace)) return { services: all, gateways: [...draft.gateways.values()], mesh: true };
  const gateways = [...draft.gateways.values()].filter((g) => g.namespace === namespace);
  return { services: all.filter((s) => s.namespace === namespace), gateways, mesh: false };
}

function targets(refs: readonly Field[], namespace: string, draft: Draft): Scope | undefined {
  // All waypoints together hold for all services.
  if (refs.some((ref) => ref.get("kind").text() === "GatewayClass")) {
    for (const ref of refs) ref.accept();
    return { services: [...draft.services.values()], gateways: [], mesh: true, servicePorts: true };
  }
  const services = new Set<DraftService>();
  const gateways = new Set<DraftGateway>();
  const strange: Field[] = [];
  for (const ref of refs) {
    const [kind, name] = [ref.get("kind").text(), ref.get("name").text() ?? ""];
    ref.get("group").text();
    const service = kind === "Service" ? draft.known(`${namespace}/${name}`) : undefined;
    const gateway =
      kind === "Gateway" ? [...draft.gateways.values()].find((g) => g.name === name) : undefined;
    if (service !== undefined) services.add(service);
    else if (gateway !== undefined) gateways.add(gateway);
    else strange.push(ref);
  }
  if (services.size + gateways.size === 0) return undefined;
  for (const ref of strange) {
    const name = ref.get("name").text() ?? "";
    // Versions may be named before they are there.
    if ([...services].some((service) => name.startsWith(`${service.name}-`))) ref.accept();
    else ref.lose({ message: `${JSON.stringify(name)} is not among the manifests`, security: true });
  }
  return { services: [...services], gateways: [...gateways], mesh: false, servicePorts: true };
}

interface Reach {
  readonly service: DraftService;
  readonly scope: Scope;
  readonly action: Access["action"];
}

/** One rule as access to one service; where it names requests, on the ports that carry them. */
function accessOf(rule: PolicyRule, { service, scope, action }: Reach): Access[] {
  const { targetPorts: ports, operations, from, jwt, at } = rule;
  const here = (p: { port: number; targetPort: number }): boolean =>
    ports.includes(scope.servicePorts === true ? p.port : p.targetPort);
  const meant = service.ports.filter((p) => ports.length === 0 || here(p));
  if (ports.length > 0 && meant.length === 0 && service.ports.length > 0) return [];
  const base = { action, from, ...(jwt === undefined ? {} : { jwt }), at };
  const requests = operations.length > 0 || jwt !== undefined;
  const [http, others] = [
    meant.filter((p) => isHttpLike(p.protocol)),
    meant.filter((p) => !isHttpLike(p.protocol)),
  ];
  if (!requests || others.length === 0) {
    return [{ ...base, to: { service: service.key, ports: portList(meant, service) }, operations }];
  }
  // On a port that carries no requests, Istio never allows by them, and denies whatever they are.
  const onHttp =
    http.length === 0
      ? []
      : [{ ...base, to: { service: service.key, ports: portList(http, service) }, operations }];
  if (action !== "deny") return onHttp;
  return [
    ...onHttp,
    { action, from, at, to: { service: service.key, ports: portList(others, service) }, operations: [] },
  ];
}

/** Empty for all ports. */
function portList(ports: readonly { readonly port: number }[], service: DraftService): number[] {
  return ports.length === service.ports.length ? [] : ports.map((p) => p.port);
}

/** A request is asked about elsewhere before it is let through; by whom, the mesh's own config says. */
function readCustom({ spec }: Item, scope: Scope, { draft }: Context): void {
  const provider = spec.get("provider", "name").text();
  const known = draft.externalAuthorization.find(
    (a) => a.name === provider || `${provider}`.endsWith(`-${a.name}`),
  );
  if (known === undefined || scope.services.length === 0) {
    const message = `who ${JSON.stringify(provider ?? "")} is stands in the mesh's own config, which is not among the manifests`;
    spec.lose({ message, hint: "add the ConfigMap istio to what is imported", security: true });
    return;
  }
  const rules = spec
    .get("rules")
    .items()
    .flatMap((rule) => {
      const plain = !rule.get("from").there && !rule.get("when").there;
      if (!plain)
        rule.lose({ message: "an intent asks about requests by method and path only", security: true });
      return plain ? readPolicyRule(rule, "", draft) : [];
    });
  const operations = rules.flatMap((rule) => rule.operations);
  const to = scope.services.map((service) => ({
    service: service.key,
    operations: rules.some((rule) => rule.operations.length === 0) ? [] : operations,
  }));
  const i = draft.externalAuthorization.indexOf(known);
  if (rules.length > 0) draft.externalAuthorization[i] = { ...known, to: [...known.to, ...to] };
}

/**
 * What holds for services that no policy names. Where single ones are closed and the mesh is open, the intent is closed
 * and says of the others that everybody may call them.
 */
function closeTheRest(draft: Draft, { closed, meshClosed, openGateways }: Findings): void {
  const admitting = new Set(draft.access.filter((a) => a.action === "allow").map((a) => a.to.service));
  const shut = [...closed].filter((key) => !admitting.has(key));
  draft.authorization = meshClosed || shut.length > 0 ? "deny" : "allow";
  dropDoubles(draft);
  if (!meshClosed && shut.length > 0) {
    for (const { key: service, at } of draft.services.values()) {
      if (closed.has(service)) continue;
      draft.access.push({ to: { service, ports: [] }, action: "allow", from: [], operations: [], at });
    }
  }
  if (!meshClosed) return;
  for (const { name, at } of draft.gateways.values()) {
    if (openGateways.has(name)) continue;
    const message = `no policy opens gateway ${name}, which in an intent admits everybody on its listeners`;
    draft.assume(at, message, "take the gateway out, or narrow the access to the services behind it");
  }
}
