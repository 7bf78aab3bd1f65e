import * as v from "valibot";
import { isJsonObject } from "../../lib";
import {
  anyOfKinds,
  dateText,
  durationText,
  exactlyOne,
  nameText,
  notes,
  objectNameText,
  oneOf,
  portNumber,
  serviceKeyText,
  someOf,
  text,
} from "../schema";
import { cidrText, urlText, wordsText } from "./schema-common";

const mtlsMode = oneOf(["strict", "permissive"]);

const certificateAuthority = v.pipe(
  anyOfKinds("kind", [
    v.object({ kind: v.literal("mesh") }),
    v.object({ kind: v.literal("shared-root"), secret: objectNameText }),
    v.object({ kind: v.literal("cert-manager"), issuer: objectNameText }),
    v.object({ kind: v.literal("vault"), address: urlText, path: wordsText, role: wordsText }),
    v.object({ kind: v.literal("aws-pca"), arn: wordsText }),
    v.object({ kind: v.literal("key-vault"), vaultId: wordsText, prefix: wordsText }),
    v.object({ kind: v.literal("gcp-cas"), pool: wordsText }),
  ]),
  notes({ description: "Who signs the certificates of workloads; default: the mesh itself." }),
);

export const mtlsSchema = v.object({
  mode: v.optional(mtlsMode),
  trustDomain: v.optional(objectNameText),
  overrides: v.optional(
    v.array(
      v.pipe(
        v.object({
          namespace: v.optional(nameText),
          service: v.optional(serviceKeyText),
          port: v.optional(portNumber),
          mode: mtlsMode,
          until: v.optional(dateText),
        }),
        notes({ description: "An exception for a namespace, a service, or one port of a service." }),
      ),
    ),
  ),
  ca: v.optional(certificateAuthority),
});

const principal = text({
  is: (t) => /^spiffe:\/\/[a-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/.test(t),
  finding: (t) => ({
    code: "bad-principal",
    message: `${JSON.stringify(t)} is not an identity`,
    hint: "write spiffe://<trust domain>/ns/<namespace>/sa/<service account>",
  }),
});

const caller = exactlyOne(
  {
    service: v.optional(serviceKeyText),
    gateway: v.optional(nameText),
    namespace: v.optional(nameText),
    principal: v.optional(principal),
    ipBlocks: v.optional(someOf(cidrText)),
  },
  ["service", "gateway", "namespace", "principal", "ipBlocks"],
);

const accessPath = text({
  is: (t) => /^(\/[^*{}\s?#]*\*?|\*[^*{}\s?#]*)$/.test(t),
  finding: (t) => ({
    code: "bad-path",
    message: `${JSON.stringify(t)} is not a path that access can name`,
    hint: "an exact path, one that ends in * (/reviews/*), or one that begins with * (*/health); no query",
  }),
});

const methodName = text({
  is: (t) => /^[A-Z]{1,20}$/.test(t),
  finding: (t) => ({
    code: "bad-method",
    message: `${JSON.stringify(t)} is not an HTTP method`,
    hint: "write it in capitals, as in GET",
  }),
});

const operations = someOf(
  v.object({ methods: v.optional(someOf(methodName)), paths: v.optional(someOf(accessPath)) }),
);

const claimName = text({
  is: (t) => /^[^\s[\]"']{1,256}$/.test(t),
  finding: (t) => ({
    code: "bad-name",
    message: `${JSON.stringify(t.slice(0, 80))} is not the name of a claim`,
    hint: "no blanks, quotes or square brackets",
  }),
});

export const accessSchema = v.object({
  to: v.object({ service: serviceKeyText, ports: v.optional(someOf(portNumber)) }),
  action: oneOf(["allow", "deny", "audit"]),
  from: v.optional(someOf(caller)),
  operations: v.optional(operations),
  jwt: v.optional(
    v.object({ provider: nameText, claims: v.optional(v.record(claimName, someOf(wordsText))) }),
  ),
});

const keySet = text({
  is: isPublicKeySet,
  finding: () => ({
    code: "bad-jwks",
    message: "this is not a set of public keys",
    hint: 'the JSON text of a JWK set, { "keys": [ … ] }, of public keys only: keys that sign are secrets',
  }),
});

/** A JWK set without private or symmetric keys, whose parameters are `d` and `k`. */
function isPublicKeySet(written: string): boolean {
  try {
    const set: unknown = JSON.parse(written);
    const keys = isJsonObject(set) ? set["keys"] : undefined;
    if (!Array.isArray(keys) || keys.length === 0) return false;
    return keys.every(
      (key) => isJsonObject(key) && typeof key["kty"] === "string" && !("d" in key) && !("k" in key),
    );
  } catch {
    return false;
  }
}

export const jwtProviderSchema = exactlyOne(
  {
    issuer: wordsText,
    jwksUri: v.optional(urlText),
    jwks: v.optional(keySet),
    audiences: v.optional(someOf(wordsText)),
    forward: v.optional(v.boolean()),
  },
  ["jwksUri", "jwks"],
);

export const externalAuthorizationSchema = v.object({
  name: nameText,
  service: serviceKeyText,
  port: v.optional(portNumber),
  protocol: v.optional(oneOf(["grpc", "http"])),
  timeout: v.optional(durationText),
  failOpen: v.optional(v.boolean()),
  to: someOf(v.object({ service: serviceKeyText, operations: v.optional(operations) })),
});
