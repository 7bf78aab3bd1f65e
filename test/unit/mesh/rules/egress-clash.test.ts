import { complaints, shop } from "../intents";

const one = (host: string, port = 443) => ({ hosts: [host], ports: [{ port, protocol: "tls" }] });
const intent = (external: object) => ({ ...shop(), egress: { external } });

test("a host and port is named once", () => {
  expect(complaints(intent({ a: one("x.example"), b: one("x.example") }))).toEqual([
    "egress-clash at egress.external.b",
  ]);
  expect(complaints(intent({ a: one("x.example"), b: one("x.example", 8443) }))).toEqual([]);
});

test("what is in the mesh is not outside it", () => {
  expect(complaints(intent({ a: one("cart.shop.svc.cluster.local") }))).toEqual([
    "egress-clash at egress.external.a.hosts",
  ]);
  expect(complaints(intent({ a: one("cart.shop") }))).toEqual(["egress-clash at egress.external.a.hosts"]);
  expect(complaints(intent({ a: one("cart.shop.example") }))).toEqual([]);
});
