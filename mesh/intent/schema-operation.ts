import * as v from "valibot";
import { isJsonObject, parsePath, type JsonObject } from "../../lib";
import { isKubeObject } from "../plan/objects";
import {
  anyOfKinds,
  durationText,
  hostText,
  nameText,
  notes,
  objectNameText,
  oneOf,
  portNumber,
  serviceKeyText,
  someOf,
  text,
  wholeNumber,
} from "../schema";
import { said } from "../schema/said";
import { percentage, someKey, wordsText } from "./schema-common";

export const gatewaySchema = v.object({
  exposure: v.optional(oneOf(["public", "internal", "cluster"])),
  listeners: someOf(
    v.object({
      port: portNumber,
      protocol: oneOf(["http", "https", "grpc", "tls", "tcp"]),
      hosts: v.optional(someOf(hostText)),
      tls: v.optional(v.object({ secret: objectNameText })),
    }),
  ),
});

export const egressSchema = v.object({
  default: v.optional(oneOf(["deny", "allow"])),
  external: v.optional(
    v.record(
      nameText,
      v.object({
        hosts: someOf(hostText),
        ports: someOf(
          v.object({ port: portNumber, protocol: oneOf(["http", "https", "http2", "grpc", "tcp", "tls"]) }),
        ),
      }),
    ),
  ),
});

const share = v.pipe(
  v.number(),
  v.check(
    (n) => n >= 0 && n <= 100,
    (issue) => said({ code: "out-of-range", message: `${issue.input} is not a share from 0 to 100` }),
  ),
);

const endpoint = text({
  is: (t) => /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:\d{1,5}$/.test(t),
  finding: (t) => ({
    code: "bad-endpoint",
    message: `${JSON.stringify(t.slice(0, 80))} is not the address of a collector`,
    hint: "write host:port of its OTLP/gRPC receiver, as in collector.observability:4317",
  }),
});

export const telemetrySchema = v.object({
  tracing: v.optional(v.object({ samplingPercent: share, endpoint: v.optional(endpoint) })),
  accessLogs: v.optional(oneOf(["off", "errors", "all"])),
  metrics: v.optional(v.boolean()),
});

const success = v.pipe(
  v.object({ successRate: v.optional(percentage), p99: v.optional(durationText) }),
  someKey(),
);

const ofRollouts = { service: serviceKeyText, from: nameText, to: nameText, success };

const rising = v.check<number[], string>(
  (steps) => steps.every((step, i) => step > (steps[i - 1] ?? 0)) && steps[steps.length - 1] === 100,
  said({
    code: "bad-steps",
    message: "the steps of a rollout rise, and the last one is 100",
    hint: "as in [5, 20, 50, 100]",
  }),
);

export const rolloutSchema = anyOfKinds("strategy", [
  v.object({
    ...ofRollouts,
    strategy: v.literal("canary"),
    steps: v.pipe(someOf(wholeNumber(1, 100)), rising),
    interval: durationText,
  }),
  v.object({ ...ofRollouts, strategy: v.literal("blueGreen") }),
]);

export const federationSchema = v.object({
  trust: oneOf(["shared-root", "mesh"]),
  clusters: v.record(nameText, v.object({})),
});

const placeText = text({
  is: (t) => (parsePath(t)?.length ?? 0) > 0,
  finding: (t) => ({
    code: "bad-place",
    message: `${JSON.stringify(t.slice(0, 80))} is not a place in the intent`,
    hint: 'as diagnostics print them: routes[0].rules[0], services["shop/cart"].traffic',
  }),
});

export const degradeSchema = v.pipe(
  v.object({ capability: wordsText, at: placeText, reason: wordsText }),
  notes({ description: "Something that the mesh lacks and that this place may do without." }),
);

const kubeObject = v.pipe(
  v.custom<JsonObject>(isJsonObject),
  v.check(
    isKubeObject,
    said({
      code: "not-an-object",
      message: "this is not a Kubernetes object",
      hint: "it needs apiVersion, kind and metadata.name",
    }),
  ),
);

export const rawSchema = v.pipe(
  v.record(nameText, someOf(kubeObject)),
  notes({
    description: "Objects for one mesh, by the mesh's kind; they go into the plan of that mesh only.",
  }),
);
