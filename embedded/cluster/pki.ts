import { generateKeyPairSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { CertificateProfile, Identity } from "./certificate";
import { isCurrent, issue } from "./certificate";
import { readText, writePrivate } from "./files";

export type Authority = "ca" | "front-proxy-ca";
export type Holder =
  | "apiserver"
  | "front-proxy-client"
  | "admin"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kube-proxy"
  | "kwok"
  | "node-agent";

export type Pki = Readonly<Record<Authority | Holder, Identity>>;

const LEAF = { days: 365, renewDays: 30 };
// Renewed while it still outlives every certificate that it signs.
const ROOT = { days: 3650, renewDays: 400 };

export interface PkiRequest {
  readonly dir: string;
  /** The Node whose kubelet the node agent is. */
  readonly node: string;
  /** What the API server is called, and its addresses. */
  readonly serverNames: readonly string[];
}

/**
 * Every key and certificate of a cluster, made where missing, renewed where less than 30 days are left (or a name is
 * missing, or its issuer was renewed). A cluster has two authorities, so that none of its clients can pose as the
 * aggregator.
 */
export async function ensurePki(request: PkiRequest, now: Date): Promise<Pki> {
  serviceAccountKeys(request.dir);
  encryptionConfig(request.dir);
  const ca = await ensure(request.dir, { name: "ca", profile: root("meshwright-ca"), ...ROOT }, now);
  const front = await ensure(
    request.dir,
    { name: "front-proxy-ca", profile: root("meshwright-front-proxy-ca"), ...ROOT },
    now,
  );
  const identities: [string, Identity][] = [];
  for (const [name, profile] of Object.entries(holders(request))) {
    const issuer = name === "front-proxy-client" ? front : ca;
    identities.push([name, await ensure(request.dir, { name, profile, issuer, ...LEAF }, now)]);
  }
  return { ca, "front-proxy-ca": front, ...(Object.fromEntries(identities) as Record<Holder, Identity>) };
}

function holders(request: PkiRequest): Record<Holder, CertificateProfile> {
  return {
    apiserver: { commonName: "kube-apiserver", use: "server", names: request.serverNames, days: LEAF.days },
    "front-proxy-client": client("front-proxy-client"),
    admin: client("meshwright-admin", "system:masters"),
    "kube-controller-manager": client("system:kube-controller-manager"),
    "kube-scheduler": client("system:kube-scheduler"),
    "kube-proxy": client("system:kube-proxy"),
    kwok: client("meshwright:kwok"),
    "node-agent": client(`system:node:${request.node}`, "system:nodes"),
  };
}

function client(commonName: string, organization?: string): CertificateProfile {
  return { commonName, use: "client", names: [], days: LEAF.days, ...(organization && { organization }) };
}

function root(commonName: string): CertificateProfile {
  return { commonName, use: "authority", names: [], days: ROOT.days };
}

interface Wanted {
  readonly name: string;
  readonly profile: CertificateProfile;
  readonly issuer?: Identity;
  readonly renewDays: number;
}

async function ensure(dir: string, want: Wanted, now: Date): Promise<Identity> {
  const files = { certificate: join(dir, `${want.name}.crt`), key: join(dir, `${want.name}.key`) };
  const stored = { certificate: readText(files.certificate) ?? "", key: readText(files.key) ?? "" };
  const current = isCurrent(stored, { ...want, issuer: want.issuer }, now);
  const identity = current ? stored : await issue(want.profile, want.issuer, now);
  writePrivate(files.certificate, identity.certificate);
  writePrivate(files.key, identity.key);
  return identity;
}

/** The pair that signs service account tokens: never renewed, or running pods would lose their identity. */
function serviceAccountKeys(dir: string): void {
  if (readText(join(dir, "sa.key")) && readText(join(dir, "sa.pub"))) return;
  const pair = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writePrivate(join(dir, "sa.key"), pair.privateKey);
  writePrivate(join(dir, "sa.pub"), pair.publicKey);
}

/** Secrets lie encrypted in etcd, under a key that lies beside it: a copied etcd folder alone reveals none. */
function encryptionConfig(dir: string): void {
  const file = join(dir, "encryption.json");
  if (readText(file)) return;
  const config = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [
          { secretbox: { keys: [{ name: "key1", secret: randomBytes(32).toString("base64") }] } },
          { identity: {} },
        ],
      },
    ],
  };
  writePrivate(file, JSON.stringify(config, null, 2));
}
