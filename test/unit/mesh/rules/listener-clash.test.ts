import { complaints, shop } from "../intents";

const clashes = (...listeners: object[]) =>
  complaints({ ...shop(), routes: [], gateways: { public: { listeners } } });
const http = { port: 80, protocol: "http" };

test("a host twice on a port, or two protocols on one, are errors", () => {
  expect(clashes(http, { ...http, hosts: ["*"] })).toHaveLength(1);
  expect(
    clashes(
      { ...http, hosts: ["a.com"] },
      { port: 80, protocol: "https", hosts: ["b.com"], tls: { secret: "x" } },
    ),
  ).toHaveLength(1);
});

test("different hosts on a port, or the same host on two, are fine", () => {
  expect(clashes({ ...http, hosts: ["a.com"] }, { ...http, hosts: ["b.com"] })).toEqual([]);
  expect(clashes(http, { ...http, port: 8080 })).toEqual([]);
});
