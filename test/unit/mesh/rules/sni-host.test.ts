import { complaints } from "../intents";

const intent = (sni: string) => ({
  services: { "shop/db": { serviceAccount: "db", ports: [{ port: 1, protocol: "tls" }] } },
  authorization: { default: "allow" },
  gateways: { edge: { listeners: [{ port: 1, protocol: "tls", hosts: ["*.example.com"] }] } },
  routes: [
    { kind: "tls", for: { gateway: "edge" }, rules: [{ sni: [sni], backends: [{ service: "shop/db" }] }] },
  ],
});

test("rules are for names that their route is for", () => {
  expect(complaints(intent("db.example.com"))).toEqual([]);
  expect(complaints(intent("*.db.example.com"))).toEqual([]);
  expect(complaints(intent("db.example.org"))).toEqual(["sni-host at routes[0].rules[0].sni"]);
});
