import { defectsIn } from "../defect";

/** In the adapters for Istio as clouds run it. */
export const managed = [
  ...defectsIn("aks-istio", "mesh/adapters/aks-istio", {
    "index.ts": [
      [
        "only the first revision has a config",
        "return revisions.map((revision) =>",
        "return revisions.slice(0, 1).map((revision) =>",
        "unit",
      ],
      ["the add-on's own settings are written", 'key !== "trustDomain"', 'key !== "accessLogFile"', "unit"],
      ["gateways keep the ports of the intent", "rules: [{}] }", "}", "unit"],
      [
        "namespaces name another revision",
        '"istio.io/rev": options.revision',
        '"istio.io/rev": "default"',
        "unit",
      ],
      [
        "the root certificate's name",
        "rootCertObjectName: `${prefix}root-cert`",
        "rootCertObjectName: `${prefix}ca-cert`",
        "unit",
      ],
    ],
    "faults.ts": [
      ["any port of a gateway", "!PORTS.includes(l.port)", "l.port < 0", "unit"],
      ["two gateways are the same pods", "if (before === undefined) return [];", "return [];", "unit"],
    ],
    "names.ts": [
      [
        "internal gateways are public",
        'exposure === "internal" ? "internal" : "external"',
        'exposure === "internal" ? "external" : "external"',
        "cells",
      ],
    ],
  }),
  ...defectsIn("cloud-service-mesh", "mesh/adapters/cloud-service-mesh", {
    "intent.ts": [
      [
        "silence means retries",
        "routes: [...intent.routes, ...plainRoutes(intent)],",
        "routes: intent.routes,",
        "unit",
      ],
      [
        "identities are not the pool's",
        "`spiffe://${pool}/${caller.principal.slice(own.length)}`",
        "caller.principal",
        "unit",
      ],
    ],
    "objects.ts": [
      ["egress is open", '? "REGISTRY_ONLY" : "ALLOW_ANY"', '? "ALLOW_ANY" : "ALLOW_ANY"', "unit"],
      ["keys are fetched in the clear", "return secure ? [entry, tls] : [entry];", "return [entry];", "unit"],
      ["keys are fetched for everybody", 'const exportTo = ["."];', 'const exportTo = ["*"];', "unit"],
      [
        "logs of both kinds",
        '{ providers: [{ name: "stackdriver" }], disabled: true }',
        '{ providers: [{ name: "stackdriver" }], disabled: false }',
        "unit",
      ],
      ["locality that nobody reads", 'key !== "localityLbSetting"', 'key !== "simple"', "unit"],
    ],
    "faults.ts": [
      [
        "another trust domain",
        'if (mtls.trustDomain === "cluster.local" || mtls.trustDomain === pool) return [];',
        "return [];",
        "unit",
      ],
    ],
    "gateway-pods.ts": [
      [
        "pods without the gateway's template",
        '"inject.istio.io/templates": "gateway"',
        '"inject.istio.io/templates": "sidecar"',
        "unit",
      ],
    ],
  }),
];
