import * as v from "valibot";
import type { FieldPath, Result } from "../../../lib";
import { nameText, notes, oneOf, parse, text } from "../../schema";

const projectText = text({
  is: (t) => /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(t),
  finding: (t) => ({
    code: "bad-project",
    message: `${JSON.stringify(t)} is not the id of a project`,
    hint: "6 to 30 lower-case letters, digits and -, beginning with a letter",
  }),
});

export const optionsSchema = v.object({
  project: v.pipe(
    projectText,
    notes({ description: "The fleet's host project, after which identities are named." }),
  ),
  channel: v.optional(v.pipe(oneOf(["rapid", "regular", "stable"]), notes({ default: "regular" }))),
  allowlisted: v.optional(
    v.pipe(
      v.array(oneOf(["externalAuthorization"])),
      notes({ description: "Features that Google has enabled for the organization on request." }),
    ),
  ),
  namespaces: v.optional(v.object({ create: v.optional(v.boolean()) })),
  gateways: v.optional(v.object({ namespace: v.optional(nameText) })),
});

/** The options of a Cloud Service Mesh with their defaults filled in. docs/config.md describes them. */
export interface CsmOptions {
  readonly project: string;
  readonly channel: "rapid" | "regular" | "stable";
  readonly externalAuthorization: boolean;
  readonly createNamespaces: boolean;
  readonly gatewayNamespace: string;
}

/** Reads the options of a Cloud Service Mesh and reports every fault in them. */
export function readOptions(raw: unknown, at: FieldPath): Result<CsmOptions> {
  const parsed = parse(optionsSchema, raw ?? {}, at);
  if (!parsed.ok) return parsed;
  const { project, channel = "regular", allowlisted = [], namespaces, gateways } = parsed.value;
  const value = {
    project,
    channel,
    externalAuthorization: allowlisted.includes("externalAuthorization"),
    createNamespaces: namespaces?.create ?? true,
    gatewayNamespace: gateways?.namespace ?? "istio-ingress",
  };
  return { ...parsed, value };
}
