import { complaints, shop } from "../intents";

test("HTTP routes, backends and operations need a port that carries HTTP", () => {
  const intent = shop();
  expect(
    complaints({
      ...intent,
      services: {
        ...intent.services,
        "shop/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" }] },
        "shop/both": { serviceAccount: "both", ports: [{ port: 80 }, { port: 5432, protocol: "tcp" }] },
      },
      routes: [
        {
          kind: "http",
          for: { service: "shop/db" },
          rules: [{ backends: [{ service: "shop/db", port: 5432 }] }],
        },
      ],
      access: [
        { to: { service: "shop/db" }, action: "allow", operations: [{ methods: ["GET"] }] },
        { to: { service: "shop/db" }, action: "allow" },
        { to: { service: "shop/both" }, action: "deny", operations: [{ methods: ["GET"] }] },
        { to: { service: "shop/both", ports: [80] }, action: "deny", operations: [{ methods: ["GET"] }] },
      ],
    }),
  ).toEqual([
    "wrong-protocol at routes[0].for",
    "wrong-protocol at routes[0].rules[0].backends[0]",
    "wrong-protocol at access[2].operations",
    "wrong-protocol at access[0].operations",
  ]);
});
