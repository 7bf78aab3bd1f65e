import { complaints, shop } from "../intents";

const several = {
  "shop/many": {
    serviceAccount: "many",
    ports: [{ port: 80 }, { port: 81, protocol: "grpc" as const }, { port: 82, protocol: "tcp" as const }],
  },
};

test("with several HTTP ports a route and its backends must say which", () => {
  const intent = shop();
  const route = (port?: number) => ({
    kind: "http",
    for: { service: "shop/many", port },
    rules: [{ backends: [{ service: "shop/many", port }] }],
  });
  expect(complaints({ ...intent, services: { ...intent.services, ...several }, routes: [route()] })).toEqual([
    "ambiguous-port at routes[0].for",
    "ambiguous-port at routes[0].rules[0].backends[0]",
  ]);
  expect(
    complaints({ ...intent, services: { ...intent.services, ...several }, routes: [route(81)] }),
  ).toEqual([]);
});
