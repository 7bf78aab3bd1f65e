import { complaints } from "../intents";

const intent = (hosts: string[], protocol = "tls") => ({
  egress: { external: { out: { hosts, ports: [{ port: 443, protocol }] } } },
});

test("a wildcard is over a domain of somebody", () => {
  expect(complaints(intent(["*.example.com"]))).toEqual([]);
  expect(complaints(intent(["*"]))).toEqual(["wildcard-egress at egress.external.out.hosts"]);
  expect(complaints(intent(["*.com"]))).toEqual(["wildcard-egress at egress.external.out.hosts"]);
});

test("a wildcard needs a protocol that says the name", () => {
  expect(complaints(intent(["*.example.com"], "tcp"))).toEqual([
    "wildcard-egress at egress.external.out.hosts",
  ]);
  expect(complaints(intent(["db.example.com"], "tcp"))).toEqual([]);
});
