import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeconfig } from "../../embedded/cluster/kubeconfig";
import { ensurePki, type Pki } from "../../embedded/cluster/pki";
import { connectionOf, parseKubeconfig } from "../../kube";

const DAY = 24 * 3600 * 1000;
const now = new Date("2026-03-01T12:00:00Z");
const later = (days: number) => new Date(now.getTime() + days * DAY);
const dirs: string[] = [];

function request(serverNames: readonly string[] = ["localhost", "127.0.0.1", "10.100.128.1"]) {
  const dir = mkdtempSync(join(tmpdir(), "meshwright-pki-"));
  dirs.push(dir);
  return { dir, node: "demo-process-0", serverNames };
}

const read = (pem: string) => new X509Certificate(pem);
const text = (pki: Pki) => Object.values(pki).map((identity: Pki["ca"]) => identity.certificate);

afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true })));

describe("certificates of a cluster", () => {
  test("name their holders, are signed by their authority and valid for a year", async () => {
    const pki = await ensurePki(request(), now);
    const [ca, front] = [read(pki.ca.certificate), read(pki["front-proxy-ca"].certificate)];
    expect(ca.ca).toBe(true);
    const { "front-proxy-client": proxy, ...rest } = pki;
    const ofCa = Object.entries(rest).filter(([name]) => !name.endsWith("ca"));
    expect(ofCa).toHaveLength(7);
    for (const [, identity] of ofCa) {
      const certificate = read(identity.certificate);
      expect(certificate.ca).toBe(false);
      expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
      expect(new Date(certificate.validTo)).toEqual(later(365));
    }
    expect(read(proxy.certificate).verify(front.publicKey)).toBe(true);
    expect(read(proxy.certificate).verify(ca.publicKey)).toBe(false);
    expect(read(pki["node-agent"].certificate).subject).toBe("CN=system:node:demo-process-0\nO=system:nodes");
    expect(read(pki.kwok.certificate).subject).toBe("CN=meshwright:kwok");
    const server = read(pki.apiserver.certificate);
    expect(server.checkHost("localhost")).toBeDefined();
    expect(server.checkIP("10.100.128.1")).toBeDefined();
    expect(server.checkHost("example.com")).toBeUndefined();
  });

  test("a server's certificate cannot be shown by a client, nor the other way round", async () => {
    const pki = await ensurePki(request(), now);
    expect(read(pki.apiserver.certificate).keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(read(pki.admin.certificate).keyUsage).toEqual(["1.3.6.1.5.5.7.3.2"]);
  });

  test("are kept until less than 30 days are left, then renewed under the same authority", async () => {
    const wanted = request();
    const first = await ensurePki(wanted, now);
    expect(text(await ensurePki(wanted, later(334)))).toEqual(text(first));
    const renewed = await ensurePki(wanted, later(336));
    expect(renewed.ca).toEqual(first.ca);
    expect(renewed.admin.certificate).not.toBe(first.admin.certificate);
    expect(new Date(read(renewed.admin.certificate).validTo)).toEqual(later(336 + 365));
  });

  test("are all made anew with their authority, which never ends before them; token keys stay", async () => {
    const wanted = request();
    const first = await ensurePki(wanted, now);
    const signing = readFileSync(join(wanted.dir, "sa.key"), "utf8");
    const renewed = await ensurePki(wanted, later(3650 - 399));
    const ca = read(renewed.ca.certificate);
    expect(ca.fingerprint256).not.toBe(read(first.ca.certificate).fingerprint256);
    expect(read(renewed.kwok.certificate).verify(ca.publicKey)).toBe(true);
    expect(readFileSync(join(wanted.dir, "sa.key"), "utf8")).toBe(signing);
  });

  test("the API server's alone is made anew for a new name; a spoilt or swapped key is replaced", async () => {
    const wanted = request();
    const first = await ensurePki(wanted, now);
    const named = await ensurePki({ ...wanted, serverNames: [...wanted.serverNames, "10.100.0.1"] }, now);
    expect(read(named.apiserver.certificate).checkIP("10.100.0.1")).toBeDefined();
    expect(named.admin).toEqual(first.admin);
    writeFileSync(join(wanted.dir, "admin.key"), first.kwok.key);
    writeFileSync(join(wanted.dir, "kube-scheduler.crt"), "not a certificate");
    const mended = await ensurePki(wanted, now);
    expect(read(mended.admin.certificate).checkPrivateKey(createPrivateKey(mended.admin.key))).toBe(true);
    expect(mended["kube-scheduler"].certificate).toContain("BEGIN CERTIFICATE");
    expect(mended.kwok).toEqual(first.kwok);
  });

  test("no file of theirs can be read by others", async () => {
    const wanted = request();
    await ensurePki(wanted, now);
    const files = readdirSync(wanted.dir);
    expect(files).toEqual(expect.arrayContaining(["ca.key", "admin.key", "sa.key", "encryption.json"]));
    for (const file of files)
      expect([file, statSync(join(wanted.dir, file)).mode & 0o777]).toEqual([file, 0o600]);
  });
});

test("a kubeconfig carries its certificates and names its context after the cluster", async () => {
  const pki = await ensurePki(request(), now);
  const target = { name: "demo", server: "https://127.0.0.1:20001", ca: pki.ca.certificate };
  const yaml = kubeconfig(target, "admin", pki.admin);
  expect(yaml).toContain("current-context: meshwright-demo\n");
  const parsed = connectionOf(parseKubeconfig(yaml));
  expect(parsed.server).toBe("https://127.0.0.1:20001");
  expect(yaml).toContain(Buffer.from(pki.admin.key).toString("base64"));
});
