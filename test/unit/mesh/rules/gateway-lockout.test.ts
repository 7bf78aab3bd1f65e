import { found } from "../../../../lib";
import { parseIntent } from "../../../../mesh/intent";
import { complaints, shop } from "../intents";

const web = { service: "shop/web" };

test("a gateway that may not call its backend is a warning, not an error", () => {
  const result = parseIntent({ ...shop(), access: [] });
  expect(result.ok).toBe(true);
  expect(found(result).map((d) => [d.code, d.severity])).toEqual([["gateway-lockout", "warning"]]);
});

test("an allow for others locks the gateway out even where the default is to allow", () => {
  const access = [{ to: web, action: "allow", from: [{ service: "shop/cart" }] }];
  expect(complaints({ ...shop(), access, authorization: { default: "allow" } })).toHaveLength(1);
});

test("the gateway itself, everybody, or a namespace or principal that may be its own, let it in", () => {
  for (const from of [
    undefined,
    [{ gateway: "public" }],
    [{ namespace: "istio-ingress" }],
    [{ principal: "spiffe://cluster.local/ns/b/sa/c" }],
  ]) {
    expect(complaints({ ...shop(), access: [{ to: web, action: "allow", from }] })).toEqual([]);
  }
  expect(complaints({ ...shop(), access: [], authorization: { default: "allow" } })).toEqual([]);
});
