import { complaints, shop } from "../intents";

test("a route's host must be one that a listener answers for", () => {
  const routes = (...hosts: string[]) => [
    { kind: "http", for: { gateway: "public", hosts }, rules: [{ backends: [{ service: "shop/web" }] }] },
  ];
  expect(complaints({ ...shop(), routes: routes("example.com", "a.example.com", "*") })).toEqual([
    "gateway-host at routes[0].for.hosts",
    "gateway-host at routes[0].for.hosts",
  ]);
});
