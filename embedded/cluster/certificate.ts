import type * as X509 from "@peculiar/x509";
import { webcrypto, X509Certificate, createPrivateKey, randomBytes } from "node:crypto";

/** What one certificate is for. */
export interface CertificateProfile {
  readonly commonName: string;
  readonly organization?: string;
  readonly use: "authority" | "server" | "client";
  /** Names and addresses that a server answers to. */
  readonly names: readonly string[];
  readonly days: number;
}

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const DAY = 24 * 3600 * 1000;
// P-256 keys cost a millisecond to make, RSA ones up to a second.
const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const ADDRESS = /^[\d.]+$|:/;

/** Makes a key and its certificate, signed by `issuer`, or by itself where there is none. */
export async function issue(
  profile: CertificateProfile,
  issuer: Identity | undefined,
  now: Date,
): Promise<Identity> {
  await import("reflect-metadata"); // the library asks for it before itself
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [profile.commonName] }, ...(profile.organization ? [{ O: [profile.organization] }] : [])],
    issuer: issuer ? new x509.X509Certificate(issuer.certificate).subject : `CN=${profile.commonName}`,
    notBefore: new Date(now.getTime() - 3600 * 1000),
    notAfter: new Date(now.getTime() + profile.days * DAY),
    signingAlgorithm: SIGNATURE,
    publicKey: keys.publicKey,
    signingKey: issuer ? await importKey(issuer.key) : keys.privateKey,
    extensions: extensions(x509, profile),
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  return { certificate: `${certificate.toString("pem")}\n`, key: pem(pkcs8) };
}

function extensions(x509: typeof X509, profile: CertificateProfile) {
  const authority = profile.use === "authority";
  const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  return [
    new x509.BasicConstraintsExtension(authority, undefined, true),
    new x509.KeyUsagesExtension(
      authority ? keyCertSign | cRLSign | digitalSignature : digitalSignature | keyEncipherment,
      true,
    ),
    ...(authority
      ? []
      : [new x509.ExtendedKeyUsageExtension([profile.use === "server" ? serverAuth : clientAuth])]),
    ...(profile.names.length > 0
      ? [
          new x509.SubjectAlternativeNameExtension(
            profile.names.map((value) => ({
              type: ADDRESS.test(value) ? ("ip" as const) : ("dns" as const),
              value,
            })),
          ),
        ]
      : []),
  ];
}

/** Whether a stored identity still does for `profile`: same names, same issuer, long enough to live. */
export function isCurrent(
  identity: Identity,
  want: {
    readonly profile: CertificateProfile;
    readonly issuer: Identity | undefined;
    readonly renewDays: number;
  },
  now: Date,
): boolean {
  try {
    const certificate = new X509Certificate(identity.certificate);
    const issuer = want.issuer ? new X509Certificate(want.issuer.certificate) : certificate;
    const left = new Date(certificate.validTo).getTime() - now.getTime();
    return (
      left >= want.renewDays * DAY &&
      certificate.verify(issuer.publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(identity.key)) &&
      subjectOf(certificate) === subjectWanted(want.profile) &&
      want.profile.names.every((name) =>
        ADDRESS.test(name)
          ? certificate.checkIP(name) !== undefined
          : certificate.checkHost(name) !== undefined,
      )
    );
  } catch {
    return false; // not a certificate or key at all: made anew
  }
}

function subjectOf(certificate: X509Certificate): string {
  return certificate.subject;
}

function subjectWanted(profile: CertificateProfile): string {
  return [`CN=${profile.commonName}`, ...(profile.organization ? [`O=${profile.organization}`] : [])].join(
    "\n",
  );
}

async function importKey(key: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(key).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", der, KEY, false, ["sign"]);
}

function pem(pkcs8: Buffer): string {
  const lines = pkcs8.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}

function serial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40; // positive and of full length
  return bytes.toString("hex");
}
