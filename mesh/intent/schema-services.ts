import * as v from "valibot";
import {
  anyOfKinds,
  durationText,
  exactlyOne,
  nameText,
  notes,
  objectNameText,
  oneOf,
  portNumber,
  someOf,
  text,
  wholeNumber,
} from "../schema";
import { labels, pathText, someKey, tokenText } from "./schema-common";

const outlierDetection = v.object({
  consecutive5xx: v.optional(wholeNumber(1, 1000)),
  interval: v.optional(durationText),
  baseEjectionTime: v.optional(durationText),
  maxEjectionPercent: v.optional(wholeNumber(1, 100)),
});

const most = v.optional(wholeNumber(1, 1_000_000));

const connectionLimits = v.pipe(
  v.object({ maxConnections: most, maxPendingRequests: most, maxRequests: most }),
  someKey(),
);

const consistentHash = exactlyOne(
  {
    kind: v.literal("consistentHash"),
    header: v.optional(tokenText),
    cookie: v.optional(tokenText),
    sourceIp: v.optional(v.literal(true)),
  },
  ["header", "cookie", "sourceIp"],
);

const loadBalancing = anyOfKinds("kind", [
  v.object({ kind: v.literal("roundRobin") }),
  v.object({ kind: v.literal("random") }),
  v.object({ kind: v.literal("leastRequest") }),
  consistentHash,
]);

/** A region, a zone, or a cluster of the federation. */
const place = text({
  is: (t) => /^[A-Za-z0-9]([A-Za-z0-9._/-]{0,126}[A-Za-z0-9])?$/.test(t),
  finding: (t) => ({
    code: "bad-name",
    message: `${JSON.stringify(t.slice(0, 80))} is not a place`,
    hint: "a region, a zone or a cluster, as in eu-west-1",
  }),
});

const locality = v.pipe(
  v.object({
    prefer: v.optional(oneOf(["zone", "region"])),
    failover: v.optional(someOf(v.object({ from: place, to: place }))),
  }),
  someKey(),
);

const rateLimit = v.object({
  requests: wholeNumber(1, 1_000_000_000),
  per: durationText,
  by: v.optional(oneOf(["all", "source"])),
  scope: v.optional(oneOf(["proxy", "global"])),
});

const traffic = v.pipe(
  v.object({
    healthCheck: v.optional(
      v.object({ path: pathText, interval: v.optional(durationText), timeout: v.optional(durationText) }),
    ),
    outlierDetection: v.optional(outlierDetection),
    connectionLimits: v.optional(connectionLimits),
    loadBalancing: v.optional(loadBalancing),
    locality: v.optional(locality),
    rateLimit: v.optional(someOf(rateLimit)),
  }),
  notes({ description: "How callers treat the endpoints of the service." }),
);

export const serviceSchema = v.object({
  serviceAccount: v.pipe(objectNameText, notes({ description: "The identity of the service's pods." })),
  sharesServiceAccount: v.optional(v.boolean()),
  selector: v.optional(
    v.pipe(labels, notes({ description: "Labels of its pods; default { app: <name> }." })),
  ),
  ports: someOf(
    v.object({
      port: portNumber,
      targetPort: v.optional(portNumber),
      protocol: v.optional(oneOf(["http", "http2", "grpc", "tcp", "tls"])),
    }),
  ),
  versions: v.optional(v.record(nameText, v.object({ labels: v.optional(labels) }))),
  workloads: v.optional(oneOf(["kubernetes", "vm", "ecs"])),
  clusters: v.optional(someOf(nameText)),
  traffic: v.optional(traffic),
});
