import { complaints, shop } from "../intents";

const intent = (federation?: object) => {
  const { services, ...rest } = shop();
  return {
    ...rest,
    mtls: { ca: { kind: "shared-root", secret: "cacerts" } },
    services: { ...services, "shop/db": { serviceAccount: "db", ports: [{ port: 1 }], clusters: ["east"] } },
    ...(federation && { federation }),
  };
};

test("services are on clusters of the federation", () => {
  const place = ['unknown-cluster at services["shop/db"].clusters'];
  expect(complaints(intent())).toEqual(place);
  expect(complaints(intent({ trust: "shared-root", clusters: { west: {}, north: {} } }))).toEqual(place);
  expect(complaints(intent({ trust: "shared-root", clusters: { west: {}, east: {} } }))).toEqual([]);
});
