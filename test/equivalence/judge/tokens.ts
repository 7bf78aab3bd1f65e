import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import type { JwtProvider, NormalizedIntent } from "../../../mesh/intent/types";
import type { Token } from "../../../mesh/semantics";
import { PUBLISHED } from "../lab/addresses";

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const HOUR_S = 3600;

/** Keys of the providers of tokens, by their names; a name that no intent has is a stranger. */
export class Keys {
  private readonly pairs = new Map<string, Pair>();

  /** `published`: documents that istiod can fetch, by path. */
  constructor(private readonly published: Map<string, string>) {}

  /** The intent with keys that we hold in place of its providers' own, at an address of ours where they are fetched. */
  given(intent: NormalizedIntent): NormalizedIntent {
    const jwtProviders = intent.jwtProviders.map((provider): JwtProvider => {
      const { name, jwksUri } = provider;
      const jwks = this.jwks(name);
      if (jwksUri === undefined) return { ...provider, jwks };
      this.published.set(`/${name}`, jwks);
      return { ...provider, jwksUri: `${PUBLISHED}/${name}` };
    });
    return { ...intent, jwtProviders };
  }

  /** A compact JWS of the token, or something that looks like one. */
  write({ provider: name, validity, claims }: Token, intent: NormalizedIntent): string {
    const provider = intent.jwtProviders.find((p) => p.name === name);
    const now = Math.floor(Date.now() / 1000);
    const [audience] = provider?.audiences ?? [];
    const body = {
      iss: provider?.issuer ?? `https://${name}.example`,
      sub: "somebody",
      iat: now - HOUR_S,
      exp: now + HOUR_S,
      ...(validity === "wrong-audience"
        ? { aud: "somebody-else" }
        : audience === undefined
          ? {}
          : { aud: audience }),
      ...claims,
    };
    const signed = `${encode({ alg: "ES256", typ: "JWT", kid: name })}.${encode(body)}`;
    // Signed by somebody else is what an invalid one is.
    const { privateKey } = this.pair(validity === "invalid" ? `not ${name}` : name);
    return `${signed}.${sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  }

  private jwks(name: string): string {
    const key = this.pair(name).publicKey.export({ format: "jwk" });
    return JSON.stringify({ keys: [{ ...key, kid: name, alg: "ES256", use: "sig" }] });
  }

  private pair(name: string): Pair {
    const pair = this.pairs.get(name) ?? generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.pairs.set(name, pair);
    return pair;
  }
}

const encode = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
