import { complaints, shop } from "../intents";

const intent = (kind: string, protocol: string) => ({
  services: {
    ...shop().services,
    "shop/db": { serviceAccount: "db", ports: [{ port: 5432, protocol: "tls" }] },
  },
  authorization: { default: "allow" },
  gateways: { edge: { listeners: [{ port: 5432, protocol }] } },
  routes: [
    {
      kind,
      for: { gateway: "edge" },
      rules: [{ ...(kind === "tls" && { sni: ["db.example.com"] }), backends: [{ service: "shop/db" }] }],
    },
  ],
});

test.each([
  ["tcp", "tcp", []],
  ["tls", "tls", []],
  ["tcp", "http", ["gateway-protocol at routes[0].for.gateway"]],
  ["tcp", "tls", ["gateway-protocol at routes[0].for.gateway"]],
])("a %s route on a listener for %s", (kind, protocol, expected) => {
  expect(complaints(intent(kind, protocol))).toEqual(expected);
});

test("HTTP routes need a listener that reads requests", () => {
  const gateways = { public: { listeners: [{ port: 80, protocol: "tcp" }] } };
  expect(complaints({ ...shop(), gateways })).toEqual(["gateway-protocol at routes[1].for.gateway"]);
});
