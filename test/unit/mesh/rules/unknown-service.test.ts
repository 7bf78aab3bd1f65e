import { complaints, shop } from "../intents";

test("services that routes, access, callers and overrides name must be there", () => {
  const service = "shop/crat";
  expect(
    complaints({
      ...shop(),
      mtls: { overrides: [{ service, mode: "permissive" }] },
      routes: [{ kind: "http", for: { service }, rules: [{ backends: [{ service }] }] }],
      access: [{ to: { service }, action: "deny", from: [{ service }] }],
    }),
  ).toEqual([
    "unknown-service at mtls.overrides[0].service",
    "unknown-service at routes[0].for.service",
    "unknown-service at routes[0].rules[0].backends[0].service",
    "unknown-service at access[0].to.service",
    "unknown-service at access[0].from[0].service",
  ]);
});
