import { BLOCK_COUNT, networkOf, overlaps } from "../../../embedded/node/addresses";
import { answer, type DnsZone } from "../../../embedded/node/dns";
import { dnsZone } from "../../../embedded/node/dns-zone";

describe("addresses", () => {
  test("blocks of two clusters never overlap, and a cluster's own ranges only as they should", () => {
    const all = Array.from({ length: BLOCK_COUNT }, (_, index) => networkOf(index));
    expect(new Set(all.map(({ podCidr }) => podCidr)).size).toBe(BLOCK_COUNT);
    for (const network of all) {
      expect(overlaps(network.podCidr, network.serviceCidr)).toBe(false);
      expect(overlaps(network.podRange, network.simulatedRange)).toBe(false);
      expect(overlaps(network.podRange, network.podCidr)).toBe(true);
      expect(overlaps(network.serviceCidr, network.dnsServiceIp)).toBe(true);
      expect(network.name.length).toBeLessThanOrEqual(15);
    }
  });

  test.each([
    ["10.0.0.0/8", "10.100.0.0/16", true],
    ["10.100.3.7", "10.100.0.0/16", true],
    ["10.101.0.0/16", "10.100.0.0/16", false],
    ["0.0.0.0/0", "192.168.1.1", true],
  ])("%s overlaps %s: %s", (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
    expect(overlaps(b, a)).toBe(expected);
  });
});

function query(name: string, type: number): Buffer {
  const labels = name
    .split(".")
    .map((label) => Buffer.from(String.fromCharCode(label.length) + label, "latin1"));
  const head = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, type, 0, 1])]);
}

describe("cluster DNS", () => {
  const meta = (name: string, namespace: string) => ({ name, namespace });
  const slice = {
    metadata: { ...meta("db-x", "shop"), labels: { "kubernetes.io/service-name": "db" } },
    addressType: "IPv4",
    endpoints: [
      { addresses: ["10.100.1.4"], hostname: "db-0" },
      { addresses: ["10.100.1.5"], conditions: { ready: false } },
    ],
  };
  const zone = dnsZone(
    [
      { metadata: meta("web", "shop"), spec: { clusterIP: "10.100.128.9" } },
      { metadata: meta("db", "shop"), spec: { clusterIP: "None" } },
      {
        metadata: meta("out", "shop"),
        spec: { type: "ExternalName", externalName: "Web.shop.svc.cluster.local." },
      },
    ],
    [slice],
  );
  const code = (reply: Buffer | undefined) => (reply?.readUInt16BE(2) ?? 0) & 15;
  const count = (reply: Buffer | undefined) => reply?.readUInt16BE(6);

  test("knows Services by cluster IP, headless ones by ready endpoints and their names, external ones by alias", () => {
    expect(Object.fromEntries(zone.addresses)).toEqual({
      "web.shop.svc.cluster.local": ["10.100.128.9"],
      "db.shop.svc.cluster.local": ["10.100.1.4"],
      "db-0.db.shop.svc.cluster.local": ["10.100.1.4"],
    });
    expect(zone.aliases.get("out.shop.svc.cluster.local")).toBe("web.shop.svc.cluster.local");
  });

  test("answers an address in the question's own id, whatever the case of its letters", () => {
    const reply = answer(query("Web.shop.svc.cluster.local", 1), zone);
    expect(reply?.readUInt16BE(0)).toBe(0x1234);
    expect([code(reply), count(reply)]).toEqual([0, 1]);
    expect([...(reply?.subarray(-4) ?? [])]).toEqual([10, 100, 128, 9]);
  });

  test("a known name without such a record is empty, an unknown one does not exist", () => {
    const ipv6 = answer(query("web.shop.svc.cluster.local", 28), zone);
    expect([code(ipv6), count(ipv6)]).toEqual([0, 0]);
    expect(code(answer(query("nope.shop.svc.cluster.local", 1), zone))).toBe(3);
  });

  test("an alias is answered with what it stands for", () => {
    expect(count(answer(query("out.shop.svc.cluster.local", 1), zone))).toBe(2);
  });

  test("takes no harm from broken messages", () => {
    const empty: DnsZone = { addresses: new Map(), aliases: new Map() };
    expect(answer(Buffer.from([1, 2, 3]), empty)).toBeUndefined();
    expect(code(answer(query("web.shop", 1).subarray(0, 15), empty))).toBe(1);
    expect(
      code(
        answer(Buffer.concat([query("a", 1).subarray(0, 12), Buffer.from([0xc0, 0x0c, 0, 1, 0, 1])]), empty),
      ),
    ).toBe(1);
  });
});
