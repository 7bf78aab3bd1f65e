import { groupBy } from "../../../lib";
import { contentText } from "../../intent/order";
import type { Access, Caller, JwtCondition, Operation } from "../../intent/types";
import { dropDoubles } from "../closing";
import type { DraftService } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { unquoteRegex } from "../values";
import { FreeOfTokens, type Part } from "./free-of-tokens";
import { GROUP, serviceCalled, serviceNamed, type Consul } from "./model";

const ANYONE = "*";

interface Claim {
  readonly source: string;
  readonly parts: readonly Part[];
  /** What becomes of a request that no part names; undefined for whatever holds in general. */
  readonly rest: "allow" | "deny" | undefined;
  readonly field: Field;
}

/** Who may call whom. */
export function readIntentions(consul: Consul): void {
  const { manifests, draft, outside } = consul;
  const all = manifests.take(GROUP, "ServiceIntentions").map((item) => ({
    item,
    destination: item.spec.get("destination", "name").text() ?? item.name,
    claims: claimsOf(item, consul),
  }));
  const general = all.find(({ destination }) => destination === ANYONE);
  const anyone = general?.claims.find(({ source }) => source === ANYONE);
  if (anyone === undefined) {
    const message =
      "what holds where no intention names a caller is Consul's own setting, which is not among the manifests: deny is taken";
    draft.assume([], message, "change authorization: { default: … } if it is allow");
  }
  const otherwise = anyone?.rest ?? "deny";
  draft.authorization = otherwise;
  for (const { item, destination, claims } of all) {
    if (destination === ANYONE) loseNamed(claims);
    else if (outside.has(destination)) continue;
    else {
      const service = serviceNamed(destination, { namespace: item.namespace, field: item.spec }, consul);
      addAccess(service, claims, { otherwise, consul });
    }
  }
  dropDoubles(draft);
}

/** Callers that may or may not call everything. */
function loseNamed(claims: readonly Claim[]): void {
  for (const { source, field } of claims) {
    if (source === ANYONE) continue;
    field.lose({
      message: `what ${source} may call everywhere is said service by service, in an intent`,
      security: true,
    });
  }
}

function claimsOf({ spec }: Item, consul: Consul): Claim[] {
  const whole = spec.get("jwt").there ? tokensOf(spec.get("jwt")) : undefined;
  if (spec.get("jwt").there && whole === undefined)
    spec.get("jwt").lose({ message: "an intent cannot say these tokens", security: true });
  return spec
    .get("sources")
    .items()
    .flatMap((field): Claim[] => {
      const source = field.get("name").text();
      for (const key of ["namespace", "partition"]) field.get(key).acceptIf("", "default");
      field.get("description").accept();
      if (source === undefined) return [];
      const permissions = field.get("permissions").items();
      const action = field.get("action").word("allow", "deny");
      if (permissions.length === 0) {
        const everything: Operation = { methods: [], paths: [] };
        const open = action === "allow" && whole !== undefined;
        const parts = open
          ? whole.map((jwt): Part => ({ action: "allow", operation: everything, jwt, at: field.at }))
          : [];
        return [{ source, parts, rest: open ? "deny" : action, field }];
      }
      return [permissionsOf(permissions, { source, field, consul })];
    });
}

/** The first permission that holds counts: denials before allowances, and one for everything at the end. */
function permissionsOf(
  permissions: readonly Field[],
  { source, field }: { source: string; field: Field; consul: Consul },
): Claim {
  const parts: Part[] = [];
  let rest: Claim["rest"];
  const free = new FreeOfTokens();
  for (const permission of permissions) {
    const action = permission.get("action").word("allow", "deny") ?? "deny";
    const operation = operationOf(permission.get("http"));
    if (operation !== undefined && action === "allow" && free.takes(permission, operation)) continue;
    const tokens = permission.get("jwt").there ? tokensOf(permission.get("jwt")) : [undefined];
    const [unread] = permission.unread();
    if (operation === undefined || tokens === undefined || unread !== undefined) {
      permission.lose({
        message: "a permission with a condition that an intent cannot say is left out",
        security: true,
      });
      continue;
    }
    const everything = operation.methods.length + operation.paths.length === 0;
    if (everything && tokens.every((jwt) => jwt === undefined)) {
      rest = action;
      break;
    }
    if (action === "deny" && parts.some((part) => part.action === "allow")) {
      permission.change("in an intent a denial wins over what is allowed before it");
    }
    parts.push(
      ...tokens.map((jwt): Part => ({
        action,
        operation,
        ...(jwt === undefined ? {} : { jwt }),
        at: permission.at,
      })),
    );
  }
  return { source, parts: [...free.parts(), ...parts], rest, field };
}

function operationOf(http: Field): Operation | undefined {
  const methods = http.get("methods").texts();
  const exact = http.get("pathExact").text();
  if (exact !== undefined) return { methods, paths: [exact] };
  const prefix = http.get("pathPrefix").text();
  if (prefix !== undefined) return { methods, paths: prefix === "/" ? [] : [`${prefix}*`] };
  const regex = http.get("pathRegex").text();
  if (regex === undefined) return { methods, paths: [] };
  const suffix = regex.startsWith(".*") ? unquoteRegex(regex.slice(2)) : undefined;
  return suffix === undefined ? undefined : { methods, paths: [`*${suffix}`] };
}

/** Any one of these tokens; undefined where an intent cannot say one. */
function tokensOf(field: Field): JwtCondition[] | undefined {
  const all = field
    .get("providers")
    .items()
    .map((provider): JwtCondition | undefined => {
      const name = provider.get("name").text();
      const claims = provider
        .get("verifyClaims")
        .items()
        .map((claim) => {
          const [path, second] = claim.get("path").texts();
          const value = claim.get("value").text();
          return path === undefined || second !== undefined || value === undefined
            ? undefined
            : { name: path, values: [value] };
        });
      const known = claims.flatMap((claim) => claim ?? []);
      return name === undefined || known.length < claims.length
        ? undefined
        : { provider: name, claims: known };
    });
  const known = all.flatMap((token) => token ?? []);
  return known.length < all.length || all.length === 0 ? undefined : joined(known);
}

/** Tokens that differ in the value of one claim only are one condition with several values. */
function joined(tokens: readonly JwtCondition[]): JwtCondition[] {
  const groups = groupBy(tokens, (t) => `${t.provider} ${t.claims.map((c) => c.name).join(" ")}`);
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const claims = first.claims.map(({ name }, i) => ({
      name,
      values: [...new Set(same.flatMap((t) => t.claims[i]?.values ?? []))],
    }));
    const choices = claims.reduce((product, { values }) => product * values.length, 1);
    return choices === same.length ? [{ provider: first.provider, claims }] : same;
  });
}

interface Around {
  readonly otherwise: "allow" | "deny";
  readonly consul: Consul;
}

/**
 * Consul asks only the entry that names a caller best, so that each one says everything. In an intent what holds for
 * everybody holds for every caller, and each caller adds its own.
 */
function addAccess(service: DraftService, claims: readonly Claim[], { otherwise, consul }: Around): void {
  const { draft } = consul;
  const everybody = claims.find(({ source }) => source === ANYONE);
  const shared = everybody?.parts ?? [];
  const rest = everybody?.rest ?? otherwise;
  const access: Access[] = shared.map((part) => accessOf(part, service, []));
  for (const claim of claims) {
    if (claim === everybody) continue;
    const caller = callerOf(claim, consul);
    if (caller === undefined) continue;
    const own = claim.parts.filter((part) => !shared.some((other) => same(part, other)));
    access.push(...own.map((part) => accessOf(part, service, [caller])));
    access.push(...restOf(claim, caller, { rest, shared, service }));
  }
  const whole: Access = {
    to: { service: service.key, ports: [] },
    action: "allow",
    from: [],
    operations: [],
    at: service.at,
  };
  const allows = access.some(({ action }) => action === "allow");
  // Open to whoever is not named, beside those that are: everybody is allowed.
  if (rest === "allow" && (allows || otherwise === "deny")) access.push(whole);
  if (rest === "deny" && !allows && otherwise === "allow") {
    everybody?.field.change(`nobody may call ${service.key}: a denial of everybody is written`);
    access.push({ ...whole, action: "deny" });
  }
  draft.access.push(...access);
}

function same(a: Part, b: Part): boolean {
  return contentText({ ...a, at: [] }) === contentText({ ...b, at: [] });
}

/** What a caller may do beyond the parts, where that differs from what everybody may. */
function restOf(
  claim: Claim,
  caller: Caller,
  { rest, shared, service }: { rest: string; shared: readonly Part[]; service: DraftService },
): Access[] {
  const to = { service: service.key, ports: [] };
  const own = claim.rest ?? rest;
  const at = claim.field.at;
  if (own === "allow") {
    for (const part of shared) {
      if (part.action === "deny" && !claim.parts.some((other) => same(part, other))) {
        claim.field.change(
          `${claim.source} may do what others may not; in an intent the denial holds for it too`,
        );
      }
    }
    return rest === "allow" ? [] : [{ to, action: "allow", from: [caller], operations: [], at }];
  }
  const missing = shared.filter(
    (part) => part.action === "allow" && !claim.parts.some((other) => same(part, other)),
  );
  const nothing = claim.parts.every((part) => part.action === "deny");
  if (nothing && (rest === "allow" || missing.length > 0))
    return [{ to, action: "deny", from: [caller], operations: [], at }];
  if (rest === "allow") claim.field.change(`in an intent ${claim.source} may do what everybody may`);
  return missing.map((part) => ({ to, action: "deny", from: [caller], operations: [part.operation], at }));
}

function accessOf(
  { action, operation, jwt, at }: Part,
  service: DraftService,
  from: readonly Caller[],
): Access {
  const whole = operation.methods.length + operation.paths.length === 0;
  return {
    to: { service: service.key, ports: [] },
    action,
    from,
    operations: whole ? [] : [operation],
    ...(jwt === undefined ? {} : { jwt }),
    at,
  };
}

function callerOf({ source, field }: Claim, consul: Consul): Caller | undefined {
  const service = serviceCalled(source, "", consul);
  if (service !== undefined) return { kind: "service", service: service.key, at: field.at };
  const gateway = [...consul.draft.gateways.keys()].find(
    (name) => name === source || `${name}-gateway` === source,
  );
  if (gateway !== undefined) return { kind: "gateway", gateway, at: field.at };
  field.lose({
    message: `${source} is not a service among the manifests`,
    hint: "add its Service",
    security: true,
  });
  return undefined;
}
