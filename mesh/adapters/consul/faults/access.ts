import { errorAt, type Diagnostic } from "../../../../lib";
import type { Access, Operation } from "../../../intent/types";
import type { Site } from "../site";
import { accessByService, claimsOf, sourcesOf } from "../security/callers";
import { choicesOf } from "../security/permissions";
import { methodFault } from "./methods";

/** The most choices of claims that one permission should be spelled out for. */
const MOST_CHOICES = 64;

/** What intentions cannot say of tokens and methods, though each can be said by itself. */
export function accessFaults(site: Site): Diagnostic[] {
  const byService = accessByService(site.intent);
  return [
    ...site.intent.access.flatMap((a) => [...ofEntry(a, site), ...methods(a)]),
    ...[...byService.values()].flatMap((own) => overlaps(own, site)),
  ];
}

function ofEntry(entry: Access, site: Site): Diagnostic[] {
  const { action, at, from, jwt } = entry;
  const faults: Diagnostic[] = [];
  if (action === "deny" && jwt !== undefined) {
    const message = "Consul reads the token of an allow only: a deny by token would deny without it too";
    const hint = "allow the other tokens instead";
    faults.push(errorAt([...at, "jwt"], { code: "unsupported-token-deny", message, hint }));
  }
  from.forEach((caller) => {
    if (action === "deny" && caller.kind === "namespace") {
      const message = `Consul does not know the namespaces of callers: services of ${caller.namespace} that the intent does not name would not be denied`;
      const hint = "name the services";
      faults.push(errorAt(caller.at, { code: "unsupported-namespace-deny", message, hint }));
    }
    if (caller.kind === "namespace" && sourcesOf(caller, site).length === 0) {
      const message = `the intent names no service in ${caller.namespace}, and Consul knows callers by service alone`;
      faults.push(errorAt(caller.at, { code: "unsupported-namespace", message, hint: "name the services" }));
    }
  });
  if (jwt !== undefined && choicesOf(jwt) > MOST_CHOICES) {
    const message = `these claims leave ${choicesOf(jwt)} choices of values, each of which Consul wants spelled out`;
    const hint = `write entries with at most ${MOST_CHOICES} between them`;
    faults.push(errorAt([...at, "jwt"], { code: "unsupported-claims", message, hint }));
  }
  return faults;
}

function methods({ at, operations }: Access): Diagnostic[] {
  return operations.flatMap((o, i) =>
    o.methods.flatMap((method) => methodFault(method, [...at, "operations", i, "methods"])),
  );
}

/** Of permissions that hold for the same request only the first counts, so that its tokens would be the only ones. */
function overlaps(access: readonly Access[], site: Site): Diagnostic[] {
  if (access.filter((a) => a.jwt !== undefined).length < 2) return [];
  const found = claimsOf(access, site).flatMap(({ allows }) =>
    allows.flatMap((a, i) =>
      allows
        .slice(i + 1)
        .filter((b) => a.jwt !== undefined && b.jwt !== undefined && tokens(a) !== tokens(b) && meet(a, b)),
    ),
  );
  return [...new Set(found)].map((entry) =>
    errorAt(entry.at, {
      code: "unsupported-token-overlap",
      message:
        "an earlier entry asks for another token for some of the same requests, and Consul would only take that",
      hint: "let entries with different tokens name the very same operations, or none in common",
    }),
  );
}

const tokens = (a: Access): string => JSON.stringify(a.jwt);
const ANYTHING: Operation = { methods: [], paths: [] };

/** Whether two entries hold for some of the same requests, and not for exactly the same. */
function meet(a: Access, b: Access): boolean {
  const ofA = a.operations.length === 0 ? [ANYTHING] : a.operations;
  const ofB = b.operations.length === 0 ? [ANYTHING] : b.operations;
  return ofA.some((x) => ofB.some((y) => JSON.stringify(x) !== JSON.stringify(y) && both(x, y)));
}

function both(x: Operation, y: Operation): boolean {
  const any = (list: readonly string[]): boolean => list.length === 0;
  const method = any(x.methods) || any(y.methods) || x.methods.some((m) => y.methods.includes(m));
  const path = any(x.paths) || any(y.paths) || x.paths.some((p) => y.paths.some((q) => pathsMeet(p, q)));
  return method && path;
}

function pathsMeet(p: string, q: string): boolean {
  const [head, tail] = [p, q].map((path) => ({ open: path.endsWith("*") && !path.startsWith("*"), path }));
  if (head === undefined || tail === undefined) return true;
  if (p.startsWith("*") || q.startsWith("*")) return true;
  const stems = [head, tail].map(({ open, path }) => (open ? path.slice(0, -1) : path));
  const [a = "", b = ""] = stems;
  return a === b || (head.open && b.startsWith(a)) || (tail.open && a.startsWith(b));
}
