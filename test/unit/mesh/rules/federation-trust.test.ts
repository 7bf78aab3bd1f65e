import { complaints } from "../intents";

const clusters = { east: {}, west: {} };
const ca = { kind: "shared-root", secret: "cacerts" };

test("a shared root has signed for every cluster", () => {
  expect(complaints({ federation: { trust: "shared-root", clusters } })).toEqual([
    "federation-trust at federation.trust",
  ]);
  expect(complaints({ mtls: { ca }, federation: { trust: "shared-root", clusters } })).toEqual([]);
  expect(complaints({ federation: { trust: "mesh", clusters } })).toEqual([]);
});

test("one cluster is no federation", () => {
  expect(complaints({ federation: { trust: "mesh", clusters: { east: {} } } })).toEqual([
    "federation-trust at federation.clusters",
  ]);
});
