import { isDnsLabel, present } from "../../../lib";
import { contentText } from "../../intent/order";
import type { JwtProvider } from "../../intent/types";
import type { Field } from "../field";
import type { Context } from "./context";

/** Who issues tokens. Which requests need one is access's business, in an intent. */
export function readRequestAuthentications({ manifests, draft }: Context): void {
  for (const item of manifests.take("security.istio.io", "RequestAuthentication")) {
    const { spec } = item;
    spec.get("selector", "matchLabels").textMap();
    for (const ref of spec.get("targetRefs").items()) for (const [, field] of ref.entries()) field.accept();
    for (const rule of spec.get("jwtRules").items()) {
      const provider = providerOf(rule, item.name);
      if (provider === undefined) continue;
      const same = draft.jwtProviders.find((p) => sameProvider(p, provider));
      if (same !== undefined) continue;
      const taken = new Set(draft.jwtProviders.map((p) => p.name));
      draft.jwtProviders.push({ ...provider, name: freeName(provider.name, taken) });
    }
  }
}

function providerOf(rule: Field, fallback: string): JwtProvider | undefined {
  const issuer = rule.get("issuer").text();
  const jwksUri = rule.get("jwksUri").text();
  const jwks = jwksUri === undefined ? rule.get("jwks").text() : undefined;
  if (issuer === undefined || (jwksUri === undefined && jwks === undefined)) {
    rule.lose({
      message: "a token's issuer and where its keys are must both be said, in an intent",
      security: true,
    });
    return undefined;
  }
  return {
    name: nameFor(issuer, fallback),
    issuer,
    ...present({ jwksUri, jwks }),
    audiences: [...new Set(rule.get("audiences").texts())].sort(),
    forward: rule.get("forwardOriginalToken").flag() ?? false,
    at: rule.at,
  };
}

/** After the issuer's host, which people know it by. */
function nameFor(issuer: string, fallback: string): string {
  const host = /^(?:https?:\/\/)?([a-z0-9.-]+)/i.exec(issuer)?.[1] ?? fallback;
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50);
  return isDnsLabel(name) ? name : "issuer";
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let i = 1; ; i++) {
    const name = i === 1 ? wanted : `${wanted}-${i}`;
    if (!taken.has(name)) return name;
  }
}

function sameProvider(a: JwtProvider, b: JwtProvider): boolean {
  return contentText({ ...a, name: "" }) === contentText({ ...b, name: "" });
}
