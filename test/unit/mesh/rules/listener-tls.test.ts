import { complaints, shop } from "../intents";

const gateways = (listener: object) => ({
  public: { listeners: [{ port: 443, hosts: ["*.example.com"], ...listener }] },
});

test("https needs a certificate and http has no use for one", () => {
  expect(complaints({ ...shop(), gateways: gateways({ protocol: "https" }) })).toEqual([
    "listener-tls at gateways.public.listeners[0]",
  ]);
  expect(complaints({ ...shop(), gateways: gateways({ protocol: "http", tls: { secret: "x" } }) })).toEqual([
    "listener-tls at gateways.public.listeners[0].tls",
  ]);
  expect(complaints({ ...shop(), gateways: gateways({ protocol: "https", tls: { secret: "x" } }) })).toEqual(
    [],
  );
});
