import { complaints, routed } from "../intents";

const to = [{ service: "shop/cart" }];

test("a match that an earlier rule of the route has already is never reached", () => {
  expect(
    complaints(
      routed({ match: [{ method: "GET" }], backends: to }, { match: [{ method: "GET" }], backends: to }),
    ),
  ).toEqual(["unreachable-rule at routes[0].rules[1].match[0]"]);
  expect(complaints(routed({ match: [{ method: "GET" }], backends: to }, { backends: to }))).toEqual([]);
});

test("an expression that takes every path leaves nothing to prefixes that ask for no less", () => {
  const every = { match: [{ path: { regex: "/.*" }, method: "GET" }], backends: to };
  const prefix = (more: object) => ({ match: [{ path: { prefix: "/a" }, ...more }], backends: to });
  expect(complaints(routed(prefix({ method: "GET" }), every))).toEqual([
    "unreachable-rule at routes[0].rules[0].match[0]",
  ]);
  expect(complaints(routed(prefix({}), prefix({ method: "POST" }), every))).toEqual([]);
  expect(
    complaints(routed({ match: [{ path: { exact: "/a" }, method: "GET" }], backends: to }, every)),
  ).toEqual([]);
});

test("calls are compared as requests are", () => {
  const services = { "shop/greeter": { serviceAccount: "greeter", ports: [{ port: 1, protocol: "grpc" }] } };
  const rule = (name: string) => ({ match: [{ service: name }], backends: [{ service: "shop/greeter" }] });
  const intent = (rules: object[]) => ({
    services,
    routes: [{ kind: "grpc", for: { service: "shop/greeter" }, rules }],
  });
  expect(complaints(intent([rule("a.B"), rule("a.C")]))).toEqual([]);
  expect(complaints(intent([rule("a.B"), rule("a.B")]))).toEqual([
    "unreachable-rule at routes[0].rules[1].match[0]",
  ]);
});
