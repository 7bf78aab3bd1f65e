import { lost, text, wrong, type Defect } from "./spoil";

const AP = "AuthorizationPolicy";
/** So that an exception is one. */
const BOTH = ["mtls.strict", "mtls.permissive"] as const;

/** One for each thing that Istio's objects say of who may call whom. */
export const securityDefects: readonly Defect[] = [
  wrong("strict as permissive", "mtls.strict", {
    at: ["PeerAuthentication", "mtls", "mode"],
    change: text((t) => (t === "STRICT" ? "PERMISSIVE" : t)),
  }),
  wrong("permissive as strict", "mtls.permissive", {
    at: ["PeerAuthentication", "mtls", "mode"],
    change: text((t) => (t === "PERMISSIVE" ? "STRICT" : t)),
  }),
  lost("a policy", "access.deny", [AP]),
  lost("a default", "authorization.defaultDeny", [AP]),
  wrong("a denial as an allowance", "access.deny", {
    at: [AP, "action"],
    change: text((t) => (t === "DENY" ? "ALLOW" : t)),
  }),
  lost("a rule of a policy", "access.allow", [AP, "rules", "*"]),
  lost("callers", "access.from.service", [AP, "rules", "*", "from"]),
  lost("callers by address", "access.from.ipBlocks", [AP, "rules", "*", "from"]),
  wrong("callers", "access.from.namespace", {
    at: [AP, "rules", "*", "from", "*", "source", "principals", "*"],
    change: text((t) => t.replace(/\/sa\/.*|\/\*$/, "/sa/nobody")),
  }),
  lost("operations", "access.methods", [AP, "rules", "*", "to"]),
  wrong("paths", "access.paths", {
    at: [AP, "rules", "*", "to", "*", "operation", "paths", "*"],
    change: text((t) => `${t.replace(/\*/g, "")}/nowhere`),
  }),
  wrong("methods", "access.methods", {
    at: [AP, "rules", "*", "to", "*", "operation", "methods", "*"],
    change: text((t) => (t === "GET" ? "PUT" : "GET")),
  }),
  lost("a token's claims", "access.jwt.claims", [AP, "rules", "*", "when"]),
  wrong("a token's claims", "access.jwt.claims", {
    at: [AP, "rules", "*", "when", "*", "values", "*"],
    change: text((t) => `${t}x`),
  }),
  lost("token checks", "access.jwt", ["RequestAuthentication"]),
  wrong("an allowance as a denial", "access.allow", {
    at: [AP, "action"],
    change: text((t) => (t === "ALLOW" ? "DENY" : t)),
  }),
  wrong("a denial as an audit", "access.deny", {
    at: [AP, "action"],
    change: text((t) => (t === "DENY" ? "AUDIT" : t)),
  }),
  wrong("an audit as a denial", "access.audit", {
    at: [AP, "action"],
    change: text((t) => (t === "AUDIT" ? "DENY" : t)),
  }),
  lost("what a policy is for", "access.deny", [AP, "selector"]),
  wrong("what a policy is for", "access.deny", {
    at: [AP, "selector", "matchLabels", "*"],
    change: () => "nobody",
  }),
  lost("one of several callers", "access.from.service", [AP, "rules", "*", "from", "*"]),
  wrong("a caller's trust domain", "access.from.principal", {
    at: [AP, "rules", "*", "from", "*", "source", "principals", "*"],
    change: text((t) => t.replace(/^[^/]*/, "elsewhere.example")),
  }),
  wrong("namespaces by their beginning", "access.from.namespace", {
    at: [AP, "rules", "*", "from", "*", "source", "principals", "*"],
    change: text((t) => (t.endsWith("/*") ? t.replace(/ns\/.*/, "*") : t)),
  }),
  wrong("a caller's gateway", "access.from.gateway", {
    at: [AP, "rules", "*", "from", "*", "source", "principals", "*"],
    change: text((t) => t.replace(/-gateway$/, "-gate")),
  }),
  wrong("addresses", "access.from.ipBlocks", {
    at: [AP, "rules", "*", "from", "*", "source", "ipBlocks", "*"],
    change: () => "198.51.100.0/24",
  }),
  wrong("ports", "access.ports", {
    at: [AP, "rules", "*", "to", "*", "operation", "ports", "*"],
    change: () => "4444",
  }),
  lost("methods", "access.methods", [AP, "rules", "*", "to", "*", "operation", "methods"]),
  lost("paths", "access.paths", [AP, "rules", "*", "to", "*", "operation", "paths"]),
  lost("one claim of a token", "access.jwt.claims", [AP, "rules", "*", "when", "*"]),
  lost("the question to an authorizer", "externalAuthorization", [AP, "provider"]),
  wrong("an authorizer's policy", "externalAuthorization", {
    at: [AP, "action"],
    change: text((t) => (t === "CUSTOM" ? "AUDIT" : t)),
  }),
  lost("a provider of tokens", "access.jwt", ["RequestAuthentication", "jwtRules", "*"]),
  wrong("a token's issuer", "access.jwt", {
    at: ["RequestAuthentication", "jwtRules", "*", "issuer"],
    change: text((t) => `${t}/x`),
  }),
  lost("a token's audiences", "access.jwt", ["RequestAuthentication", "jwtRules", "*", "audiences"]),
  wrong("forwarding of tokens", "access.jwt", {
    at: ["RequestAuthentication", "jwtRules", "*", "forwardOriginalToken"],
    change: (value) => value !== true,
  }),
  lost("keys of tokens", "jwt.inlineKeys", ["RequestAuthentication", "jwtRules", "*", "jwks"]),
  lost("a mode", [...BOTH, "mtls.override.service"], ["PeerAuthentication"]),
  lost("a port's mode", [...BOTH, "mtls.override.port"], ["PeerAuthentication", "portLevelMtls"]),
  wrong("a port's mode", [...BOTH, "mtls.override.port"], {
    at: ["PeerAuthentication", "portLevelMtls", "*", "mode"],
    change: text((t) => (t === "STRICT" ? "PERMISSIVE" : "STRICT")),
  }),
  wrong("whose mode", [...BOTH, "mtls.override.service"], {
    at: ["PeerAuthentication", "selector", "matchLabels", "*"],
    change: () => "nobody",
  }),
];
