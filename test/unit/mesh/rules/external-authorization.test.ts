import { complaints, shop } from "../intents";

const asked = { name: "judge", service: "shop/judge", to: [{ service: "shop/web" }] };
const intent = (...externalAuthorization: object[]) => ({
  ...shop(),
  services: {
    ...shop().services,
    "shop/judge": { serviceAccount: "judge", ports: [{ port: 9000, protocol: "grpc" }] },
  },
  externalAuthorization,
});

test("names are of one each", () => {
  expect(complaints(intent(asked))).toEqual([]);
  expect(complaints(intent(asked, { ...asked, to: [{ service: "shop/cart" }] }))).toHaveLength(1);
});

test("nobody is asked about requests to themselves", () => {
  expect(complaints(intent({ ...asked, to: [{ service: "shop/judge" }] }))).toEqual([
    "external-authorization at externalAuthorization[0].to",
  ]);
});

test("who is asked is a service with a port for it", () => {
  expect(complaints(intent({ ...asked, service: "shop/jugde" }))).toEqual([
    "unknown-service at externalAuthorization[0].service",
  ]);
  expect(complaints(intent({ ...asked, service: "shop/web" }))).toContain(
    "wrong-protocol at externalAuthorization[0]",
  );
});
