import { complaints } from "../intents";

const intent = (protocol: string, hosts?: string[]) => ({
  gateways: { edge: { listeners: [{ port: 1, protocol, hosts }] } },
});

test("a listener for tcp has no hosts", () => {
  expect(complaints(intent("tcp"))).toEqual([]);
  expect(complaints(intent("tcp", ["*"]))).toEqual([]);
  expect(complaints(intent("tls", ["db.example.com"]))).toEqual([]);
  expect(complaints(intent("tcp", ["db.example.com"]))).toEqual([
    "listener-hosts at gateways.edge.listeners[0].hosts",
  ]);
});
