import type { DeepMutable } from "./mutable";
import { checks } from "../../../verify/checks";
import type { Observed } from "../../../verify/types";
import { chainsOf, downstreamTls, isBlackHole } from "../../../verify/envoy/chains";
import { expectedWith, findings, lines, observedWith } from "./sample";

const expected = expectedWith();

/** The good configuration, changed by hand where the API server would not let it be. */
function broken(change: (observed: DeepMutable<Observed>) => void): Observed {
  const observed = observedWith("good");
  change(observed as DeepMutable<Observed>);
  return observed;
}

/** What a gateway that is not captured in a fixture would be missed for. */
function without(id: string, found: ReturnType<typeof findings>): ReturnType<typeof findings> {
  return Object.fromEntries(Object.entries(found).filter(([key]) => key !== id));
}

describe("what a real istiod told the proxies of the sample", () => {
  test("is as the intent says, and every check looked at something", () => {
    const observed = observedWith("good");
    expect(findings(observed, expected)).toEqual({});
    const figures = Object.fromEntries(
      checks.map(({ id, check }) => [id, check(observed, expected).figures]),
    );
    expect(figures).toMatchObject({
      workloads: { services: 4, pods: 6 },
      "inbound-mtls": { sidecars: 2, "ways in": 6, "open ways": 0 },
      "peer-authentication": { objects: 1 },
      routes: { callers: 2, "virtual hosts": 8 },
      gateways: { gateways: 1, hosts: 1 },
    });
    expect(Number(figures["authorization"]?.["decisions judged"])).toBeGreaterThan(100);
    expect(Number(figures["outbound-mtls"]?.["endpoints checked"])).toBeGreaterThan(20);
  });

  const faults: readonly (readonly [string, { readonly [id: string]: string }])[] = [
    [
      "permissive",
      {
        "inbound-mtls":
          "accepts plaintext on ports without a Service and port 9080, though the intent says strict: PeerAuthentication bookinfo/by-hand",
        "peer-authentication": "PeerAuthentication bookinfo/by-hand: it allows plaintext (PERMISSIVE)",
      },
    ],
    [
      "permissive-port",
      {
        "inbound-mtls": "accepts plaintext on port 9080, though",
        "peer-authentication": "PeerAuthentication bookinfo/by-hand",
      },
    ],
    [
      "stray-allow",
      {
        authorization:
          "AuthorizationPolicy bookinfo/by-hand: GET /details/probe by spiffe://cluster.local/ns/bookinfo/sa/bookinfo-ratings to bookinfo/details (and 8 more) gets through",
      },
    ],
    [
      "wider-allow",
      {
        authorization:
          "AuthorizationPolicy bookinfo/details-allow: GET /details/probe by spiffe://cluster.local/ns/bookinfo/sa/bookinfo-details",
      },
    ],
    [
      "stray-deny",
      {
        authorization:
          "by spiffe://cluster.local/ns/bookinfo/sa/bookinfo-productpage to bookinfo/details is refused, though the intent allows it",
      },
    ],
    [
      "no-policy",
      { authorization: "gets through, though the intent does not allow it: no rule is in force" },
    ],
    [
      "wrong-weight",
      {
        routes:
          "VirtualService bookinfo/reviews: GET / and 3 more to bookinfo/reviews:9080 goes 78% bookinfo/reviews:9080 v1, 12% bookinfo/reviews:9080 v2",
      },
    ],
    [
      "extra-route",
      {
        routes:
          "VirtualService bookinfo/reviews: it has a route for bookinfo/reviews:9080 that the intent does not give",
      },
    ],
    ["wrong-order", { routes: "VirtualService bookinfo/reviews: GET / with end-user=tester" }],
    ["wrong-subset", { routes: "v1 with pods of another version (reviews-v3-" }],
    [
      "plain-outbound",
      {
        "outbound-mtls":
          "DestinationRule bookinfo/reviews: calls to bookinfo/reviews are not encrypted by the proxy",
      },
    ],
    ["extra-listener", { gateways: "gateway public: it listens as 0.0.0.0_" }],
  ];
  test.each(faults)("fails after the fault %s, and says by what", (fault, wanted) => {
    const all = findings(observedWith(fault), expected);
    // The fixture of a fault holds only the proxies that it concerns.
    const found = fault === "extra-listener" ? without("routes", all) : without("gateways", all);
    expect(Object.keys(found)).toEqual(Object.keys(wanted));
    for (const [id, text] of Object.entries(wanted)) {
      expect(lines(found[id]).join("\n")).toContain(text);
    }
  });
});

describe("ways into a pod", () => {
  function tlsOfDetails(observed: DeepMutable<Observed>) {
    const proxy = observed.proxies.find((p) => p.serviceAccount === "bookinfo-details");
    const listener = proxy?.listeners.find((l) => l.name === "virtualInbound");
    const chain = chainsOf(listener ?? {}).find((c) => !isBlackHole(c));
    return { chain, tls: downstreamTls(chain ?? {}) as DeepMutable<ReturnType<typeof downstreamTls>> };
  }

  test("that do not ask for a client certificate are found", () => {
    const observed = broken((o) => void delete tlsOfDetails(o).tls?.requireClientCertificate);
    expect(lines(findings(observed, expected)["inbound-mtls"])[0]).toContain(
      "accepts TLS without a client certificate",
    );
  });

  test("that take certificates of another trust domain are found", () => {
    const observed = broken((o) => {
      const validation =
        tlsOfDetails(o).tls?.commonTlsContext?.combinedValidationContext?.defaultValidationContext;
      if (validation) validation.matchSubjectAltNames = [{ prefix: "spiffe://elsewhere/" }];
    });
    expect(lines(findings(observed, expected)["inbound-mtls"])[0]).toContain(
      "outside the trust domain cluster.local",
    );
  });

  test("that name no root are found", () => {
    const observed = broken((o) => {
      const common = tlsOfDetails(o).tls?.commonTlsContext;
      if (common) common.combinedValidationContext = {};
    });
    expect(lines(findings(observed, expected)["inbound-mtls"])[0]).toContain("which root must have signed");
  });

  test("may be open where the intent says so, and only there", () => {
    const onePort = expectedWith((raw) => {
      raw["mtls"] = {
        mode: "strict",
        overrides: [{ service: "bookinfo/details", port: 9080, mode: "permissive" }],
      };
    });
    expect(Object.keys(without("gateways", findings(observedWith("permissive-port"), onePort)))).toEqual([]);
    const found = without("gateways", findings(observedWith("permissive"), onePort));
    expect(lines(found["inbound-mtls"])[0]).toContain("accepts plaintext on ports without a Service,");
  });
});

test("a pod of a service without a proxy is found", () => {
  const observed = broken((o) =>
    o.pods.push({
      ...{ namespace: "bookinfo", name: "details-bare", ip: "10.0.0.9" },
      labels: { app: "details" },
      meshed: false,
    }),
  );
  expect(lines(findings(observed, expected)["workloads"])).toEqual([
    "bookinfo/details-bare: it belongs to a service of the intent but has no proxy",
  ]);
});

test("what a proxy refuses is found, be it asked for or running", () => {
  const refusal = { type: "Listener", reason: "no such filter" };
  const observed = broken((o) => {
    o.proxies[0]?.refused.push(refusal);
    o.syncs = [{ proxy: "ratings-v1.bookinfo", refused: [refusal] }];
  });
  expect(lines(findings(observed, expected)["accepted"])).toHaveLength(2);
});

test("an endpoint that would be called in plaintext is found", () => {
  const observed = observedWith("good") as DeepMutable<Observed>;
  for (const proxy of observed.proxies) {
    for (const cluster of proxy.clusters) {
      if (!cluster.transportSocket) continue;
      cluster.transportSocketMatches = [
        {
          name: "tlsMode-istio",
          match: { fields: { tlsMode: { stringValue: "istio" } } },
          transportSocket: cluster.transportSocket,
        },
      ];
      delete cluster.transportSocket;
    }
  }
  expect(findings(observed, expected)).toEqual({});
  for (const assignment of observed.proxies[0]?.endpoints ?? []) {
    for (const endpoint of assignment.endpoints?.[0]?.lbEndpoints ?? []) delete endpoint.metadata;
  }
  expect(lines(findings(observed, expected)["outbound-mtls"])[0]).toMatch(/reach bookinfo\/.* in plaintext/);
});

test("a gateway without a proxy is found", () => {
  const observed = broken((o) => (o.proxies = o.proxies.filter((proxy) => proxy.role === "sidecar")));
  expect(lines(findings(observed, expected)["gateways"])).toEqual(["gateway public: it has no proxy"]);
});
