import { complaints, shop } from "../intents";

const blocks = { to: { service: "shop/cart" }, action: "allow", from: [{ ipBlocks: ["10.0.0.0/8"] }] };
const intent = (mtls: object, access: object = blocks) => ({
  ...shop(),
  mtls,
  access: [...(shop().access ?? []), access],
});

test("callers known by address only cannot come in where mTLS is strict", () => {
  expect(complaints(intent({}))).toEqual(["strict-client at access[2].from[0]"]);
  expect(complaints(intent({}, { ...blocks, action: "deny" }))).toEqual([]);
});

test("the most specific override decides", () => {
  const permissive = (place: object) => ({ ...place, mode: "permissive" });
  expect(complaints(intent({ overrides: [permissive({ namespace: "shop" })] }))).toEqual([]);
  expect(complaints(intent({ overrides: [permissive({ service: "shop/cart", port: 80 })] }))).toEqual([]);
  expect(
    complaints(
      intent({
        mode: "permissive",
        overrides: [{ service: "shop/cart", mode: "strict" }, permissive({ namespace: "shop" })],
      }),
    ),
  ).toEqual(["strict-client at access[2].from[0]"]);
});
