import { complaints, shop } from "../intents";

const intent = (principal: string) => ({
  ...shop(),
  mtls: { trustDomain: "prod.example" },
  access: [
    ...(shop().access ?? []),
    { to: { service: "shop/cart" }, action: "allow", from: [{ principal }] },
  ],
});

test("identities are of the mesh's own trust domain", () => {
  expect(complaints(intent("spiffe://prod.example/ns/ops/sa/prober"))).toEqual([]);
  expect(complaints(intent("spiffe://cluster.local/ns/ops/sa/prober"))).toEqual([
    "foreign-principal at access[2].from[0].principal",
  ]);
});
