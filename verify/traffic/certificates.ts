import { webcrypto } from "node:crypto";
import { join } from "node:path";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { loadSync, type ServiceDefinition } from "@grpc/proto-loader";
import type { XdsServer } from "../xds/client";
import type { ClientIdentity } from "./direct";

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const HOUR = 3600 * 1000;

async function library() {
  await import("reflect-metadata"); // the library asks for it before itself
  const x509 = await import("@peculiar/x509");
  x509.cryptoProvider.set(webcrypto);
  return x509;
}

function makeKeys() {
  return webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const body = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key)).toString("base64");
  return `-----BEGIN PRIVATE KEY-----\n${body.replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
}

/** A certificate for any SPIFFE id, from an authority that was made up for it: right in everything but who signed it. */
export async function foreignIdentity(spiffe: string): Promise<ClientIdentity> {
  const x509 = await library();
  const [authority, leaf] = [await makeKeys(), await makeKeys()];
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: "",
    issuer: "O=cluster.local",
    notBefore: new Date(now - HOUR),
    notAfter: new Date(now + HOUR),
    signingAlgorithm: SIGNATURE,
    publicKey: leaf.publicKey,
    signingKey: authority.privateKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: "url", value: spiffe }], true),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await pemOf(leaf.privateKey) };
}

const NAME = "istio.v1.auth.IstioCertificateService";

const PROTO = join(__dirname, "istio-ca.proto");

interface Signed {
  readonly cert_chain: readonly string[];
}

/** A certificate of the mesh for the service account that a token stands for, as pilot-agent gets one. */
export async function meshIdentity(server: XdsServer, token: string): Promise<ClientIdentity> {
  const x509 = await library();
  const keys = await makeKeys();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: "",
    keys,
    signingAlgorithm: SIGNATURE,
  });
  const { cert_chain: chain } = await sign(server, token, request.toString("pem"));
  return { certificate: chain.join("\n"), key: await pemOf(keys.privateKey) };
}

function sign(server: XdsServer, token: string, csr: string): Promise<Signed> {
  const method = (loadSync(PROTO, { keepCase: true, arrays: true })[NAME] as ServiceDefinition)[
    "CreateCertificate"
  ];
  if (method === undefined) throw new Error(`${NAME} has no CreateCertificate`);
  const client = new Client(server.address, credentials.createSsl(Buffer.from(server.rootCertificate)), {
    "grpc.ssl_target_name_override": server.serverName,
    "grpc.default_authority": server.serverName,
  });
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  const { path, requestSerialize, responseDeserialize } = method;
  const deadline = { deadline: Date.now() + 10_000 };
  return new Promise<Signed>((resolve, reject) => {
    const body = { csr, validity_duration: HOUR / 1000 };
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      body,
      metadata,
      deadline,
      (error, signed) => {
        client.close();
        if (error === null && signed !== undefined) resolve(signed as Signed);
        else
          reject(
            new Error(
              `istiod at ${server.address} signed no certificate: ${error?.message ?? "empty answer"}`,
            ),
          );
      },
    );
  });
}
