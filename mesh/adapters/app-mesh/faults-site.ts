import { didYouMean, errorAt, type Diagnostic, type FieldPath } from "../../../lib";
import { externals } from "./egress";
import { callees } from "./nodes";
import type { Site } from "./site";

/** App Mesh's quota of backends of a node, unless support raises it. */
const MOST_BACKENDS = 50;

/** The options, held against the intent. `at` is where the mesh section is. */
export function siteFaults(site: Site, at: FieldPath): Diagnostic[] {
  return [
    ...unknownCalls(site, at),
    ...tooManyBackends(site, at),
    ...certificateFaults(site, at),
    ...discoveryFaults(site, at),
  ];
}

function unknownCalls({ options, lookup }: Site, at: FieldPath): Diagnostic[] {
  const named = Object.entries(options.calls).flatMap(([caller, called]) => [
    { key: caller, path: [...at, "calls", caller] },
    ...called.map((key, i) => ({ key, path: [...at, "calls", caller, i] })),
  ]);
  return named
    .filter(({ key }) => lookup.service(key) === undefined)
    .map(({ key, path }) =>
      errorAt(path, {
        code: "unknown-service",
        message: `the intent has no service ${JSON.stringify(key)}`,
        hint: didYouMean(key, lookup.serviceKeys()),
      }),
    );
}

function tooManyBackends(site: Site, at: FieldPath): Diagnostic[] {
  const outside = externals(site).length;
  const over = site.intent.services.filter((s) => callees(s, site).length + outside > MOST_BACKENDS);
  const [first] = over;
  if (first === undefined) return [];
  const others = over.length === 1 ? "" : ` and ${over.length - 1} more`;
  return [
    errorAt([...at, "calls"], {
      code: "too-many-backends",
      message: `${first.key}${others} may call more than ${MOST_BACKENDS} services, which is all that App Mesh lets a node call`,
      hint: "write which services each of them calls: calls: { shop/web: [shop/cart] }",
    }),
  ];
}

function certificateFaults({ intent, options }: Site, at: FieldPath): Diagnostic[] {
  const { tls, platform } = options;
  if (tls?.kind === "acm") {
    return intent.services
      .filter((s) => tls.certificates[s.key] === undefined)
      .map((s) =>
        errorAt([...at, "tls", "certificates"], {
          code: "missing-certificate",
          message: `no certificate is named for the service ${s.key}`,
          hint: "name the ARN of one in ACM under its key",
        }),
      );
  }
  if (tls?.kind !== "file" || tls.secret !== undefined || intent.gateways.length === 0 || platform !== "eks")
    return [];
  return [
    errorAt([...at, "tls"], {
      code: "missing-key",
      message:
        "gateways call services with a certificate of their own, and no Secret is named to mount it from",
      hint: "set secret: a Secret in the gateways' namespace with tls.crt, tls.key and ca.crt",
    }),
  ];
}

function discoveryFaults({ intent, options }: Site, at: FieldPath): Diagnostic[] {
  const [outside] = intent.services.filter((s) => s.workloads !== "kubernetes");
  if (outside === undefined || options.discovery !== undefined) return [];
  return [
    errorAt([...at, "discovery"], {
      code: "missing-key",
      message: `${outside.key} runs outside Kubernetes, and nothing says how its workloads are found`,
      hint: "write discovery: { kind: cloudMap, namespace: … } or { kind: dns, domain: … }",
    }),
  ];
}
