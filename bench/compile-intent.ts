import type { CapabilityId } from "../mesh/capability/ids";
import type { CapabilityTable } from "../mesh/capability/types";
import type { Json, JsonObject } from "../lib";
import type { Intent } from "../mesh";

type Routes = NonNullable<Intent["routes"]>;
type Accesses = NonNullable<Intent["access"]>;

/** What a mesh's options must say of the services. */
export function optionsFor(kind: string, services: number): JsonObject {
  const keys = keysOf(services);
  const each = <T extends Json>(make: (i: number) => T): { readonly [key: string]: T } =>
    Object.fromEntries(keys.map((key, i) => [key, make(i)]));
  switch (kind) {
    case "linkerd":
      return { webhooks: { certManager: { issuer: "webhooks" } }, probes: each(() => ["/healthz"]) };
    case "app-mesh":
      return { calls: each((i) => neighbours(keys, i)) };
    case "gateway-api":
      return { security: "elsewhere" };
    default:
      return {};
  }
}

/** The five that come next, in a ring. */
function neighbours(keys: readonly string[], i: number): string[] {
  return [1, 2, 3, 4, 5].flatMap((step) => keys[(i + step) % keys.length] ?? []);
}

function keysOf(services: number): string[] {
  return Array.from({ length: services }, (_, i) => `space-${i % 50}/service-${i}`);
}

export interface Wanted {
  readonly table: CapabilityTable;
  /** Without routes, for a form whose table has them and that takes them for gateways only. */
  readonly plain: boolean;
}

/** Services of an intent, each with three routes and five access entries, of what the mesh has. */
export function largeIntent(services: number, { table, plain }: Wanted): Intent {
  const can = (id: CapabilityId): boolean => table[id].kind !== "none";
  const keys = keysOf(services);
  const versions = can("backend.version") && can("backend.split");
  return {
    ...(can("mtls.strict") ? {} : { mtls: { mode: "permissive" as const } }),
    authorization: { default: can("authorization.defaultDeny") ? "deny" : "allow" },
    services: Object.fromEntries(
      keys.map((key) => [
        key,
        {
          serviceAccount: key.slice(key.indexOf("/") + 1),
          ports: [{ port: 80, protocol: "http" as const }],
          ...(versions && {
            versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
          }),
        },
      ]),
    ),
    routes: plain ? [] : keys.flatMap((key) => routesOf(key, versions, can)),
    access: can("access.allow") ? keys.flatMap((key, i) => accessTo(key, { keys, i }, can)) : [],
  };
}

function routesOf(service: string, versions: boolean, can: (id: CapabilityId) => boolean): Routes {
  const backends = versions
    ? [
        { service, version: "v1", weight: 9 },
        { service, version: "v2", weight: 1 },
      ]
    : [{ service }];
  return [
    { kind: "http", for: { service }, rules: [{ backends }] },
    {
      kind: "http",
      for: { service },
      rules: [
        {
          match: [{ path: { prefix: "/api" } }],
          backends,
          ...(can("timeout.request") && { timeout: "10s" }),
          ...(can("retry") && { retry: { retries: 2 } }),
        },
      ],
    },
    {
      kind: "http",
      for: { service },
      rules: [
        {
          match: [
            can("match.header.exact")
              ? { headers: { "x-user": { exact: "me" } } }
              : { path: { exact: "/me" } },
          ],
          backends,
        },
      ],
    },
  ];
}

function accessTo(
  service: string,
  { keys, i }: { keys: readonly string[]; i: number },
  can: (id: CapabilityId) => boolean,
): Accesses {
  return neighbours(keys, i).map((caller, step) => ({
    to: { service },
    action: "allow" as const,
    ...(can("access.from.service") && { from: [{ service: caller }] }),
    ...(can("access.methods") &&
      can("access.paths") && { operations: [{ methods: ["GET"], paths: [`/api/${step}/*`] }] }),
  }));
}
