import type { Access, Caller, Operation } from "../../intent/types";
import type { Draft, DraftService } from "../draft";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";
import { matchesIn, operationOf } from "./requests";

const ACCESS = "access.smi-spec.io";

/** Who may call whom, by service account. Where there is one TrafficTarget, nobody else may call anybody. */
export function readTrafficTargets(manifests: Manifests, draft: Draft): void {
  const targets = manifests.take(ACCESS, "TrafficTarget");
  draft.authorization = targets.length > 0 ? "deny" : "allow";
  draft.mode = targets.length > 0 ? "strict" : "permissive";
  for (const target of targets) readTarget(target, manifests, draft);
}

function readTarget(item: Item, manifests: Manifests, draft: Draft): void {
  const { namespace } = item;
  // Before v1alpha3 everything stood beside the metadata, and rules were called specs.
  const body = item.spec.there ? item.spec : item.root;
  const rules = body.get("rules").there ? body.get("rules") : body.get("specs");
  const from = body
    .get("sources")
    .items()
    .map((source) => callerOf(source, namespace, draft));
  const services = destinations(body.get("destination"), namespace, draft);
  if (services.length === 0) {
    body
      .get("destination")
      .lose({ message: "no service among the manifests runs as this account", security: true });
    return;
  }
  const whole = rules.items().length === 0;
  const operations = rules.items().flatMap((rule) => operationsOf(rule, namespace, manifests));
  if (from.length === 0 || (!whole && operations.length === 0)) return;
  const all = operations.some((operation) => operation.methods.length + operation.paths.length === 0);
  for (const { key: service } of services) {
    const access: Access = {
      to: { service, ports: [] },
      action: "allow",
      from,
      operations: whole || all ? [] : operations,
      at: body.at,
    };
    draft.access.push(access);
  }
}

function destinations(field: Field, namespace: string, draft: Draft): DraftService[] {
  const { account, place } = accountOf(field, namespace);
  return [...draft.services.values()].filter((s) => s.namespace === place && s.serviceAccount === account);
}

function accountOf(field: Field, namespace: string): { readonly account: string; readonly place: string } {
  field.get("kind").acceptIf("ServiceAccount");
  field
    .get("port")
    .lose({ message: "a target of one port has no place here: the service's ports are all meant" });
  return { account: field.get("name").text() ?? "", place: field.get("namespace").text() ?? namespace };
}

function callerOf(source: Field, namespace: string, draft: Draft): Caller {
  const { account, place } = accountOf(source, namespace);
  const [service, second] = [...draft.services.values()].filter(
    (s) => s.namespace === place && s.serviceAccount === account,
  );
  if (service !== undefined && second === undefined)
    return { kind: "service", service: service.key, at: source.at };
  return {
    kind: "principal",
    principal: `spiffe://${draft.trustDomain}/ns/${place}/sa/${account}`,
    at: source.at,
  };
}

/** The requests of one rule: the matches of its group that it names, or all of them. */
function operationsOf(rule: Field, namespace: string, manifests: Manifests): Operation[] {
  const kind = rule.get("kind").text();
  const name = rule.get("name").text() ?? "";
  const wanted = rule.get("matches").texts();
  if (kind === "TCPRoute") return [{ methods: [], paths: [] }];
  const matches = matchesIn(manifests, { namespace, name }).filter(
    (match) => wanted.length === 0 || wanted.includes(match.get("name").text() ?? ""),
  );
  const operations = matches.map(operationOf);
  if (matches.length === 0 || operations.includes(undefined)) {
    rule.lose({
      message: "some of these requests cannot be told by method and path: they are not let in",
      security: true,
    });
  }
  return operations.flatMap((operation) => operation ?? []);
}
