import { contentText } from "../../../intent/order";
import { errorAt, groupBy, warningAt, type Diagnostic, type FieldPath } from "../../../../lib";
import type { Access, Service } from "../../../intent/types";
import { mtlsMode } from "../../../semantics/mtls";
import type { Site } from "../site";
import type { JudgedDoor } from "./requests";
import { requestAllows, type Door } from "./servers";

/** What an intent says of access that Linkerd has the means for, but cannot do for just these values. */
export function securityFaults(
  site: Site,
  { doors, at }: { readonly doors: readonly JudgedDoor[]; readonly at: FieldPath },
): Diagnostic[] {
  return [
    ...doors.flatMap(requestFaults),
    ...auditFaults(site, doors),
    ...overlapFaults(doors),
    ...site.intent.services.flatMap((service) => sharedPortFaults(service, site)),
    ...probeFaults(site, at),
  ];
}

function requestFaults(door: JudgedDoor): Diagnostic[] {
  const [first] = requestAllows(door);
  const { untellable: why } = door;
  if (first === undefined || why === undefined) return [];
  const message = `Linkerd cannot tell the requests to ${door.service.key} apart as its accesses do: ${why}`;
  const hint = "use exact paths and prefixes only, or fewer of them";
  return [errorAt([...first.at, "operations"], { code: "unsupported-paths", message, hint })];
}

/** Linkerd's audit lets everything in: it may stand only where everything may come in anyway. */
function auditFaults({ intent }: Site, doors: readonly Door[]): Diagnostic[] {
  const guarded = new Set(
    doors.filter((d) => d.audited && (d.closed || d.mode === "strict")).map((d) => d.service.key),
  );
  return intent.access
    .filter((a) => a.action === "audit")
    .flatMap((a) => {
      const partial = a.from.length > 0 || a.operations.length > 0;
      if (!partial && !guarded.has(a.to.service)) return [];
      const message = partial
        ? "Linkerd audits all that comes in at a port, not some of it"
        : `Linkerd's audit would let everyone in at ${a.to.service}, which the intent does not`;
      const hint = "leave it out: Linkerd logs every request that it denies";
      return [errorAt(a.at, { code: "unsupported-audit", message, hint })];
    });
}

/** Linkerd refuses a second Server for the same port of the same pods. */
function overlapFaults(doors: readonly Door[]): Diagnostic[] {
  const groups = groupBy(doors, ({ service, targetPort }) =>
    contentText({ namespace: service.namespace, selector: service.selector, targetPort }),
  );
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.map(({ service, targetPort }) => {
      const message = `services ${first?.service.key} and ${service.key} have the same pods, and Linkerd takes one policy for port ${targetPort} of a pod`;
      return errorAt(service.at, {
        code: "unsupported-shared-pods",
        message,
        hint: "make one service of them, or select different pods",
      });
    }),
  );
}

/** Two ports of a Service that lead to one of its pods are the same to Linkerd. */
function sharedPortFaults(service: Service, { intent }: Site): Diagnostic[] {
  const shared = [...groupBy(service.ports, (p) => p.targetPort).values()].filter(
    (ports) => ports.length > 1,
  );
  return shared.flatMap((ports) => {
    const numbers = ports.map((p) => p.port);
    const modes = new Set(numbers.map((n) => mtlsMode(service, n, intent).mode));
    const some = (a: Access): boolean =>
      a.to.service === service.key &&
      numbers.some((n) => a.to.ports.includes(n)) &&
      !numbers.every((n) => a.to.ports.includes(n));
    if (modes.size === 1 && !intent.access.some(some)) return [];
    const message = `ports ${numbers.join(" and ")} of ${service.key} lead to the same port of its pods, where Linkerd cannot tell them apart`;
    return [
      errorAt(service.at, {
        code: "unsupported-shared-port",
        message,
        hint: "treat them alike, or have the pods listen on two ports",
      }),
    ];
  });
}

/** Where requests are told apart, the kubelet's probes must be named, or pods will not become ready. */
function probeFaults({ intent, options, lookup }: Site, at: FieldPath): Diagnostic[] {
  const unknown = [...options.probes.keys()].filter((key) => lookup.service(key) === undefined);
  const narrowed = intent.services.filter(
    ({ key }) =>
      !options.probes.has(key) &&
      lookup.accessTo(key).some((a) => a.action === "allow" && a.operations.length > 0),
  );
  return [
    ...unknown.map((key) =>
      errorAt([...at, "probes", key], {
        code: "unknown-service",
        message: `the intent has no service ${key}`,
      }),
    ),
    ...narrowed.map((service) =>
      warningAt(service.at, {
        code: "probes-unnamed",
        message: `HTTP probes of the kubelet at ${service.key} are refused: Linkerd lets them in by itself only where no requests are told apart`,
        hint: `name their paths in the mesh's options, as in probes: { ${service.key}: [/healthz] }; without HTTP probes, leave it`,
      }),
    ),
  ];
}
