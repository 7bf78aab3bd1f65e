import { complaints, shop } from "../intents";

test("gateways that routes and callers name must be there", () => {
  expect(
    complaints({
      ...shop(),
      routes: [
        {
          kind: "http",
          for: { gateway: "pubic", hosts: ["x.example.com"] },
          rules: [{ backends: [{ service: "shop/web" }] }],
        },
      ],
      access: [{ to: { service: "shop/web" }, action: "allow", from: [{ gateway: "publik" }] }],
    }).filter((c) => c.startsWith("unknown-gateway")),
  ).toEqual(["unknown-gateway at routes[0].for.gateway", "unknown-gateway at access[0].from[0].gateway"]);
});
