import type * as X509 from "@peculiar/x509";
import { randomBytes, webcrypto } from "node:crypto";
import { SECRETS, type Packed } from "./xds/services";
import { bytesField } from "./xds/wire";

/** A certificate chain and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY = 24 * 3600 * 1000;

/** An authority that gives SPIFFE identities, as istiod's does. */
export class Authority {
  private readonly issued = new Map<string, Identity>();

  private constructor(
    private readonly x509: typeof X509,
    private readonly keys: webcrypto.CryptoKeyPair,
    readonly certificate: string,
  ) {}

  static async create(): Promise<Authority> {
    await import("reflect-metadata"); // the library asks for it before itself
    const x509 = await import("@peculiar/x509");
    x509.cryptoProvider.set(webcrypto);
    const keys = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: "01",
      name: "O=lab",
      ...validity(),
      signingAlgorithm: SIGNATURE,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    });
    return new Authority(x509, keys, certificate.toString("pem"));
  }

  /** The identity `spiffe://…`, the same for the same name. */
  async identity(spiffe: string): Promise<Identity> {
    const known = this.issued.get(spiffe);
    if (known !== undefined) return known;
    const identity = await this.issue({ type: "url", value: spiffe });
    this.issued.set(spiffe, identity);
    return identity;
  }

  /** A server's certificate for a DNS name, the same for the same name. */
  async server(name: string): Promise<Identity> {
    const known = this.issued.get(name);
    if (known !== undefined) return known;
    const identity = await this.issue({ type: "dns", value: name });
    this.issued.set(name, identity);
    return identity;
  }

  private async issue(name: { type: "url" | "dns"; value: string }): Promise<Identity> {
    const { x509 } = this;
    const leaf = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
    const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: `01${randomBytes(8).toString("hex")}`,
      subject: "",
      issuer: "O=lab",
      ...validity(),
      signingAlgorithm: SIGNATURE,
      publicKey: leaf.publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]),
        new x509.SubjectAlternativeNameExtension([name], true),
      ],
    });
    return { certificate: certificate.toString("pem"), key: await pem(leaf.privateKey) };
  }
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY), notAfter: new Date(now + DAY) };
}

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  const body = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
}

const inline = (text: string): Buffer => bytesField(3, text);

/** A proxy's own certificate and the root, as `Secret`s named `default` and `ROOTCA`. */
export function secretsOf(identity: Identity, root: string): ReadonlyMap<string, Packed> {
  const trust = bytesField(4, bytesField(1, inline(root)));
  return new Map([
    ["default", serverSecret("default", identity)],
    ["ROOTCA", secret("ROOTCA", trust)],
  ]);
}

/** A certificate and its key as a `Secret` of any name. */
export function serverSecret(name: string, { certificate, key }: Identity): Packed {
  const pair = Buffer.concat([bytesField(1, inline(certificate)), bytesField(2, inline(key))]);
  return secret(name, bytesField(2, pair));
}

function secret(name: string, content: Buffer): Packed {
  return { type_url: SECRETS, value: Buffer.concat([bytesField(1, name), content]) };
}
