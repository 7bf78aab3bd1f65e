import { complaints, shop } from "../intents";

const overrides = (...list: object[]) =>
  complaints({ ...shop(), mtls: { overrides: list.map((o) => ({ mode: "permissive", ...o })) } });

test("an override names a namespace or a service, one of the two", () => {
  expect(overrides({}, { namespace: "shop", service: "shop/cart" })).toEqual([
    "override-clash at mtls.overrides[0]",
    "override-clash at mtls.overrides[1]",
  ]);
  expect(overrides({ namespace: "shop", port: 80 })).toEqual(["override-clash at mtls.overrides[0].port"]);
});

test("two overrides of one thing clash, one of a service and one of its port do not", () => {
  const cart = { service: "shop/cart" };
  expect(overrides(cart, { ...cart, mode: "strict" })).toHaveLength(1);
  expect(overrides(cart, { ...cart, port: 80, mode: "strict" }, { namespace: "shop" })).toEqual([]);
});
