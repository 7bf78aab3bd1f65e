import * as v from "valibot";
import { present, type JsonObject } from "../../lib";
import type { ChartSource } from "../plan/types";
import { said } from "./said";
import { notes, oneOf, text } from "./values";

/** Parts that the options of several meshes share: quantities, resources, and where charts come from. */
const quantity = text({
  is: (t) => /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.test(t),
  finding: (t) => ({
    code: "bad-quantity",
    message: `${JSON.stringify(t)} is not a quantity`,
    hint: "as Kubernetes takes them: 100m, 2, 256Mi; quote plain numbers",
  }),
});

const amounts = v.object({ cpu: v.optional(quantity), memory: v.optional(quantity) });

export const resources = v.object({ requests: v.optional(amounts), limits: v.optional(amounts) });

export type Resources = v.InferOutput<typeof resources>;

const address = (schemes: RegExp, example: string) =>
  text({
    is: (t) => schemes.test(t) && !/[\s@]/.test(t),
    finding: (t) => ({
      code: "bad-address",
      message: `${JSON.stringify(t.replace(/\/\/[^/]*@/, "//…@"))} is not an address of charts`,
      hint: `as in ${example}; credentials do not belong into it: log in with \`helm registry login\` or \`helm repo add\``,
    }),
  });

const pathText = v.pipe(v.string(), v.minLength(1, said({ code: "empty", message: "the path is empty" })));

/** Where charts that are not bundled come from. */
export const chartSource = v.pipe(
  v.object({
    kind: oneOf(["repository", "oci", "folder"]),
    url: v.optional(address(/^https?:\/\//, "https://charts.example.com/mesh")),
    registry: v.optional(address(/^oci:\/\//, "oci://registry.example.com/charts")),
    path: v.optional(pathText),
  }),
  v.check((c) => (c.kind === "repository") === (c.url !== undefined), misplaced("url", "repository")),
  v.check((c) => (c.kind === "oci") === (c.registry !== undefined), misplaced("registry", "oci")),
  v.check((c) => (c.kind === "folder") === (c.path !== undefined), misplaced("path", "folder")),
  notes({ description: "Where the charts come from." }),
);

function misplaced(key: string, kind: string): string {
  return said({ code: "misplaced-key", message: `${key} goes with the kind ${kind}, and only with it` });
}

/** The source as plans name it; `otherwise` where none was written. */
export function sourceOf(
  written: v.InferOutput<typeof chartSource> | undefined,
  otherwise: ChartSource,
): ChartSource {
  if (written === undefined) return otherwise;
  const { kind, url = "", registry = "", path = "" } = written;
  switch (kind) {
    case "repository":
      return { kind, url };
    case "oci":
      return { kind, registry };
    case "folder":
      return { kind, path };
  }
}

export const imageText = text({
  is: (t) => /^[A-Za-z0-9][A-Za-z0-9._:/-]*$/.test(t),
  finding: (t) => ({
    code: "bad-image",
    message: `${JSON.stringify(t)} cannot stand in the name of an image`,
  }),
});

/** A value handed to the component at deploy time, by its name: `{ $ref: name }`. */
export const ref = v.object({
  $ref: v.pipe(v.string(), v.minLength(1, said({ code: "empty", message: "the name is empty" }))),
});

/** Resources without the entries that were left out. */
export function resourceValues({ requests, limits }: Resources): JsonObject {
  return present({ requests: requests && present(requests), limits: limits && present(limits) });
}
