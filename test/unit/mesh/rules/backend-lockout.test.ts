import { complaints, shop } from "../intents";

const intent = (more: object) => {
  const { services } = shop();
  return {
    services: { ...services, "shop/new": { serviceAccount: "new", ports: [{ port: 80 }] } },
    routes: [
      { kind: "http", for: { service: "shop/cart" }, rules: [{ backends: [{ service: "shop/new" }] }] },
    ],
    ...more,
  };
};

test("a backend that admits nobody is no use to the route of another service", () => {
  expect(complaints(intent({}))).toEqual(["backend-lockout at routes[0].rules[0].backends[0].service"]);
  expect(complaints(intent({ authorization: { default: "allow" } }))).toEqual([]);
  const access = [{ to: { service: "shop/new" }, action: "allow", from: [{ service: "shop/web" }] }];
  expect(complaints(intent({ access }))).toEqual([]);
});
