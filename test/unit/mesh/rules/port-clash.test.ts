import { complaints, shop } from "../intents";

test("a port listed twice is an error, even as another protocol", () => {
  const intent = shop();
  const ports = [{ port: 80 }, { port: 81 }, { port: 80, protocol: "tcp" }];
  expect(
    complaints({ ...intent, services: { ...intent.services, "shop/x": { serviceAccount: "x", ports } } }),
  ).toEqual(['port-clash at services["shop/x"].ports']);
});
