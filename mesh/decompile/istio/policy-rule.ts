import { groupBy } from "../../../lib";
import type { Caller, JwtCondition, Operation } from "../../intent/types";
import type { Draft } from "../draft";
import type { Field } from "../field";
import { accountCaller, blockOf, callerOf } from "./principals";

/** A rule of a policy in an intent's words, before it is known for which service. */
export interface PolicyRule {
  /** Empty for every port. */
  readonly targetPorts: readonly number[];
  readonly operations: readonly Operation[];
  readonly from: readonly Caller[];
  readonly jwt?: JwtCondition;
  readonly at: Field["at"];
}

/**
 * The access that one rule gives or takes; none where it has a condition that an intent cannot say, since without that
 * condition it would hold for what it is not meant for.
 */
export function readPolicyRule(rule: Field, namespace: string, draft: Draft): PolicyRule[] {
  rule.entries();
  const claims = claimsOf(rule.get("when"));
  const sources = sourcesOf(rule.get("from"), { namespace, draft });
  const operations = operationsOf(rule.get("to"));
  const jwts = sources?.map((source) => withClaims(source, claims ?? [], draft));
  const [unread] = rule.unread();
  const unsaid =
    claims === undefined || sources === undefined || operations === undefined || jwts?.includes(undefined);
  if (unread !== undefined || unsaid) {
    const what = unread === undefined ? "" : ` (${String(unread.at.at(-1))})`;
    rule.lose({
      message: `this rule has a condition that an intent cannot say${what}: it is left out`,
      security: true,
    });
    return [];
  }
  const known = (jwts ?? []).filter((source): source is Source => source !== undefined);
  // Callers with the same demand on their token are one access.
  const groups = groupBy(known, (source) => JSON.stringify(source.jwt ?? null));
  return [...groups.values()].flatMap((group) =>
    [...groupBy(operations, (o) => o.ports.join())].map(([, same]): PolicyRule => {
      const anybody = group.some((source) => source.callers.length === 0);
      const jwt = group[0]?.jwt;
      return {
        targetPorts: same[0]?.ports ?? [],
        operations: same.some((o) => isWhole(o.operation)) ? [] : same.map((o) => o.operation),
        from: anybody ? [] : group.flatMap((source) => source.callers),
        ...(jwt === undefined ? {} : { jwt }),
        at: rule.at,
      };
    }),
  );
}

interface Source {
  /** Empty for everybody. */
  readonly callers: readonly Caller[];
  readonly issuers: readonly string[];
  readonly jwt?: JwtCondition;
}

function sourcesOf(field: Field, around: { namespace: string; draft: Draft }): Source[] | undefined {
  if (!field.there) return [{ callers: [], issuers: [] }];
  const all = field.items().map((from) => sourceOf(from.get("source"), around));
  const known = all.filter((source): source is Source => source !== undefined);
  return known.length === all.length && all.length > 0 ? known : undefined;
}

/** The parts of a source all have to hold; an intent can say one kind of caller, and a token besides. */
function sourceOf(
  source: Field,
  { namespace, draft }: { namespace: string; draft: Draft },
): Source | undefined {
  const kinds = [
    source
      .get("principals")
      .items()
      .map((field) => callerOf(field, draft)),
    source.get("namespaces").items().map(namespaceCaller),
    source
      .get("serviceAccounts")
      .items()
      .map((field) => accountCaller(field, namespace, draft)),
    blocks(source.get("ipBlocks")),
  ].filter((callers) => callers.length > 0);
  const callers = kinds.flat().filter((caller): caller is Caller => caller !== undefined);
  const issuers = source.get("requestPrincipals").texts();
  if (kinds.length > 1 || callers.length < kinds.flat().length) return undefined;
  return kinds.length === 0 && issuers.length === 0 ? undefined : { callers, issuers };
}

function namespaceCaller(field: Field): Caller | undefined {
  const namespace = field.text();
  if (namespace === undefined || namespace.includes("*")) return undefined;
  return { kind: "namespace", namespace, at: field.at };
}

function blocks(field: Field): (Caller | undefined)[] {
  const written = field.items().map(blockOf);
  if (written.length === 0) return [];
  const known = written.filter((block): block is string => block !== undefined);
  return known.length < written.length
    ? [undefined]
    : [{ kind: "ipBlocks", blocks: known.sort(), at: field.at }];
}

type Claims = readonly { readonly name: string; readonly values: readonly string[] }[];

const CLAIM = /^request\.auth\.claims\[([^[\]\s]+)\]$/;

/** Conditions on claims; undefined where there is any other. */
function claimsOf(when: Field): Claims | undefined {
  const all = when.items().map((condition) => {
    const name = CLAIM.exec(condition.get("key").text() ?? "")?.[1];
    const values = condition.get("values").texts();
    return name === undefined || values.length === 0 || values.some((v) => v.includes("*"))
      ? undefined
      : { name, values };
  });
  const known = all.filter((claim): claim is NonNullable<typeof claim> => claim !== undefined);
  return known.length === all.length ? known : undefined;
}

/** Which provider's token a source demands, and with which claims; undefined where that cannot be told. */
function withClaims(source: Source, all: Claims, { jwtProviders }: Draft): Source | undefined {
  const claims = all.filter(({ name }) => name !== "iss");
  const named = all.filter(({ name }) => name === "iss").flatMap(({ values }) => values);
  const issuers = [...named, ...source.issuers.map((issuer) => issuer.replace(/\/\*$/, ""))];
  if (issuers.length + claims.length === 0) return source;
  const any = issuers.length === 0 || issuers.includes("*");
  const [provider, second] = any ? jwtProviders : jwtProviders.filter((p) => issuers.includes(p.issuer));
  if (provider === undefined || second !== undefined || (!any && new Set(issuers).size > 1)) return undefined;
  return { ...source, jwt: { provider: provider.name, claims } };
}

interface PortOperation {
  readonly ports: readonly number[];
  readonly operation: Operation;
}

function operationsOf(to: Field): PortOperation[] | undefined {
  if (!to.there) return [{ ports: [], operation: { methods: [], paths: [] } }];
  const all = to.items().map((item): PortOperation | undefined => {
    const operation = item.get("operation");
    const methods = operation.get("methods").texts();
    const paths = operation.get("paths").texts();
    const ports = operation.get("ports").texts().map(Number);
    const sayable = paths.every((path) => /^(\/[^*{}\s?#]*\*?|\*[^*{}\s?#]*)$/.test(path));
    const plain = methods.every((method) => /^[A-Z]{1,20}$/.test(method)) && sayable;
    // `*` alone is a path that is there, whatever it is: every path.
    return plain ? { ports, operation: { methods, paths: paths.includes("*") ? [] : paths } } : undefined;
  });
  const known = all.filter((operation): operation is PortOperation => operation !== undefined);
  return known.length === all.length && all.length > 0 ? known : undefined;
}

function isWhole({ methods, paths }: Operation): boolean {
  return methods.length + paths.length === 0;
}
