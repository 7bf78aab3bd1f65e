import { complaints, shop } from "../intents";

test("ports that routes, backends, access and overrides name must be the Service's, not the pods'", () => {
  expect(
    complaints({
      ...shop(),
      mtls: { overrides: [{ service: "shop/cart", port: 8080, mode: "permissive" }] },
      routes: [
        {
          kind: "http",
          for: { service: "shop/cart", port: 81 },
          rules: [{ backends: [{ service: "shop/web", port: 82 }] }],
        },
      ],
      access: [{ to: { service: "shop/cart", ports: [80, 83] }, action: "deny" }],
    }).filter((c) => c.startsWith("unknown-port")),
  ).toEqual([
    "unknown-port at mtls.overrides[0].port",
    "unknown-port at routes[0].for.port",
    "unknown-port at routes[0].rules[0].backends[0].port",
    "unknown-port at access[0].to.ports",
  ]);
});
