import { formatPath, found, type Diagnostic, type FieldPath, type Result } from "../../../lib";
import { parseIntent, type Intent } from "../../../mesh/intent";
import type { NormalizedIntent } from "../../../mesh/intent/types";

/** A small shop with nothing wrong: two services, a gateway, routes and access. */
export function shop(): Intent & { services: NonNullable<Intent["services"]> } {
  return {
    services: {
      "shop/cart": {
        serviceAccount: "cart",
        ports: [{ port: 80, targetPort: 8080 }],
        versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
      },
      "shop/web": { serviceAccount: "web", ports: [{ port: 80 }] },
    },
    gateways: { public: { listeners: [{ port: 80, protocol: "http", hosts: ["*.example.com"] }] } },
    routes: [
      {
        kind: "http",
        for: { service: "shop/cart" },
        rules: [
          {
            backends: [
              { service: "shop/cart", version: "v1", weight: 9 },
              { service: "shop/cart", version: "v2", weight: 1 },
            ],
          },
        ],
      },
      {
        kind: "http",
        for: { gateway: "public", hosts: ["shop.example.com"] },
        rules: [{ backends: [{ service: "shop/web" }] }],
      },
    ],
    access: [
      { to: { service: "shop/web" }, action: "allow", from: [{ gateway: "public" }] },
      { to: { service: "shop/cart" }, action: "allow", from: [{ service: "shop/web" }] },
    ],
  };
}

/** The shop with these rules for its cart. */
export function routed(...rules: object[]): object {
  const intent = shop();
  const access = [{ to: { service: "shop/cart" }, action: "allow", from: [{ service: "shop/web" }] }];
  return { ...intent, routes: [{ kind: "http", for: { service: "shop/cart" }, rules }], access };
}

/** `code at path` of everything that is said of an intent. */
export function complaints(intent: unknown, at: FieldPath = []): string[] {
  return found(parseIntent(intent, at)).map(inShort);
}

export function inShort({ code, path }: Diagnostic): string {
  return path.length === 0 ? code : `${code} at ${formatPath(path)}`;
}

/** The intent, which the test relies on being valid. */
export function valid(intent: unknown): NormalizedIntent {
  return value(parseIntent(intent));
}

export function value<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.diagnostics.map((d) => `${inShort(d)}: ${d.message}`).join("\n"));
}
