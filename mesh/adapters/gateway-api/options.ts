import * as v from "valibot";
import type { FieldPath, Result } from "../../../lib";
import { isLabelKey, isLabelValue } from "../../intent/labels";
import { nameText, notes, objectNameText, oneOf, parse, text } from "../../schema";

const DEFAULT_VERSION = "1.6.0";

const version = v.pipe(
  text({
    is: (t) => /^1\.[2-9]\.\d+$/.test(t),
    finding: (t) => ({
      code: "unknown-version",
      message: `${JSON.stringify(t)} is not a version of the Gateway API that is known here`,
      hint: `write all three numbers of a release from 1.2 on, as in ${DEFAULT_VERSION}`,
    }),
  }),
  notes({
    description: "The Gateway API's bundle, where the cluster does not say.",
    default: DEFAULT_VERSION,
  }),
);

const labelKey = text({
  is: isLabelKey,
  finding: (t) => ({ code: "bad-label", message: `${JSON.stringify(t)} is not the key of a label` }),
});
const labelValue = text({
  is: isLabelValue,
  finding: (t) => ({ code: "bad-label", message: `${JSON.stringify(t)} is not the value of a label` }),
});

export const optionsSchema = v.object({
  version: v.optional(version),
  channel: v.optional(v.pipe(oneOf(["standard", "experimental"]), notes({ default: "standard" }))),
  security: v.optional(
    v.pipe(
      oneOf(["elsewhere"]),
      notes({ description: "Acknowledges that what the intent says of security is kept by something else." }),
    ),
  ),
  namespaces: v.optional(
    v.object({ create: v.optional(v.boolean()), labels: v.optional(v.record(labelKey, labelValue)) }),
  ),
  gateways: v.optional(v.object({ className: objectNameText, namespace: v.optional(nameText) })),
});

/** The options of plain Gateway API with their defaults filled in. docs/config.md describes them. */
export interface GatewayApiOptions {
  readonly version: string;
  readonly channel: "standard" | "experimental";
  readonly securityElsewhere: boolean;
  readonly createNamespaces: boolean;
  /** Of the services' namespaces, by which the mesh knows its own. */
  readonly namespaceLabels: { readonly [label: string]: string };
  readonly gateways?: { readonly className: string; readonly namespace: string };
}

/** Reads the options and reports every fault in them. */
export function readOptions(raw: unknown, at: FieldPath): Result<GatewayApiOptions> {
  const parsed = parse(optionsSchema, raw ?? {}, at);
  return parsed.ok ? { ...parsed, value: withDefaults(parsed.value) } : parsed;
}

function withDefaults(written: v.InferOutput<typeof optionsSchema>): GatewayApiOptions {
  const { version = DEFAULT_VERSION, channel = "standard", security, namespaces = {}, gateways } = written;
  return {
    version,
    channel,
    securityElsewhere: security === "elsewhere",
    createNamespaces: namespaces.create ?? true,
    namespaceLabels: namespaces.labels ?? {},
    ...(gateways === undefined
      ? {}
      : { gateways: { className: gateways.className, namespace: gateways.namespace ?? "gateways" } }),
  };
}
