import { answers, explanation, statusSeenBy, type Call } from "../../../mesh/semantics";
import { ask, routed, world } from "./ask";

const http: Call = { kind: "http", method: "GET", path: "/", headers: [] };
const grpc: Call = { kind: "grpc", service: "a.B", method: "C", headers: [] };

test("answers are what the caller sees, with probabilities that sum to 1", () => {
  const rule = {
    backends: [
      { service: "shop/cart", weight: 1 },
      { service: "shop/web", weight: 3 },
    ],
    fault: { abort: { percent: 20, status: 503 } },
  };
  const intent = routed([rule], { access: [{ to: { service: "shop/web" }, action: "deny" }] });
  const all = answers(ask(intent));
  expect(all.map(({ answer }) => answer)).toEqual([
    { kind: "status", status: { protocol: "http", code: 503 } },
    { kind: "backend", service: "shop/cart", port: 80 },
    { kind: "status", status: { protocol: "http", code: 403 } },
  ]);
  expect(all.map(({ share }) => Number(share.toFixed(10)))).toEqual([0.2, 0.2, 0.6]);
});

test("gRPC calls see gRPC codes, all others HTTP statuses", () => {
  const code = (call: Call, protocol: "http" | "grpc", status: number) =>
    statusSeenBy(call, { protocol, code: status });
  expect(code(http, "http", 403)).toEqual({ protocol: "http", code: 403 });
  expect(code(grpc, "http", 403)).toEqual({ protocol: "grpc", code: 7 });
  expect(code(grpc, "http", 404)).toEqual({ protocol: "grpc", code: 12 });
  expect(code(grpc, "http", 418)).toEqual({ protocol: "grpc", code: 2 });
  expect(code(grpc, "grpc", 5)).toEqual({ protocol: "grpc", code: 5 });
  expect(code(http, "grpc", 14)).toEqual({ protocol: "http", code: 503 });
});

test("an outcome is explained line by line, each with what says so", () => {
  const rule = {
    name: "canary",
    match: [{ path: { prefix: "/api" } }],
    backends: [
      { service: "shop/cart", version: "v1", weight: 80 },
      { service: "shop/cart", version: "v2", weight: 20 },
    ],
    timeout: "3s",
    retry: { retries: 2, perTryTimeout: "500ms", on: ["5xx", 429] },
    fault: { delay: { percent: 10, duration: "2s" }, abort: { percent: 0.5, status: 503 } },
    mirror: [{ service: "shop/web", percent: 5 }],
    headers: { response: { set: { a: "1" }, add: { b: "2" }, remove: ["c"] } },
    rewrite: { prefix: "/" },
  };
  const access = [
    { to: { service: "shop/cart" }, action: "audit" as const },
    { to: { service: "shop/web" }, action: "deny" as const },
  ];
  expect(explanation(ask(routed([rule], { access }), { line: "GET /api/x?y=1" }))).toEqual([
    "forwarded to shop/cart v1, port 80 (80%), which admits it, by authorization.default",
    "forwarded to shop/cart v2, port 80 (20%), which admits it, by authorization.default",
    "decided, by routes[0].rules[0], routes[0].rules[0].match[0]",
    "backends see GET /x?y=1 of cart.shop",
    "10% are delayed by 2s first",
    "0.5% are answered with status 503 instead",
    "timeout 3s, tries included",
    "tried again up to 2 times on 429, 5xx, 500ms each",
    "5% are copied to shop/web, which denies them",
    'answers: a set to "1", "2" added to b, c removed',
    "audited, by access[0]",
  ]);
});

test.each<[string, ReturnType<typeof ask>, string[]]>([
  [
    "refused",
    ask(world(), { from: { kind: "unmeshed" } }),
    ["refused: plaintext, and the service takes mutual TLS only, by mtls.mode"],
  ],
  [
    "denied",
    ask({ ...world(), authorization: { default: "deny" } }),
    ["denied, status 403: nothing allows it, and the default is to deny, by authorization.default"],
  ],
  [
    "not found",
    ask(routed([{ match: [{ method: "PUT" }], backends: [{ service: "shop/cart" }] }])),
    ["not found, status 404: no rule matches, by routes[0]"],
  ],
  [
    "direct",
    ask(world()),
    [
      "forwarded to shop/cart, port 80, which admits it, by authorization.default",
      "no route holds for it",
      "backends see GET / of cart.shop",
    ],
  ],
  [
    "undecided",
    ask(world(), { to: { kind: "external", host: "a.test", port: 443 } }),
    ["the intent says nothing about calls out of the mesh, and each mesh does as it likes"],
  ],
  [
    "redirected",
    ask(routed([{ redirect: { path: "/new", status: 301 } }])),
    ["redirected, status 301, to http://cart.shop/new, by routes[0].rules[0]"],
  ],
  [
    "aborted",
    ask(
      routed([
        {
          backends: [{ service: "shop/cart" }],
          fault: { abort: { percent: 100, status: 418 }, delay: { percent: 50, duration: "1s" } },
        },
      ]),
    ),
    ["answered with status 418 by an injected fault, by routes[0].rules[0]", "50% are delayed by 1s first"],
  ],
  [
    "passed",
    ask(
      world({
        egress: { external: { hub: { hosts: ["a.test"], ports: [{ port: 443, protocol: "tls" }] } } },
      }),
      { to: { kind: "external", host: "a.test", port: 443 } },
    ),
    ["leaves the mesh as hub, by egress.external.hub"],
  ],
])("%s is explained", (_, result, lines) => {
  expect(explanation(result)).toEqual(lines);
});
