import * as v from "valibot";
import type { FieldPath, Result } from "../../../lib";
import { notes, parse, text } from "../../schema";
import { said } from "../../schema/said";

const DEFAULT_REVISION = "asm-1-30";

const revision = text({
  is: (t) => /^asm-1-(29|30|31)$/.test(t),
  finding: (t) => ({
    code: "unknown-revision",
    message: `${JSON.stringify(t)} is not a revision of the add-on that is known here`,
    hint: `write asm-1-29, ${DEFAULT_REVISION} or asm-1-31`,
  }),
});

export const optionsSchema = v.object({
  revision: v.optional(
    v.pipe(
      revision,
      notes({ description: "The add-on's revision that pods get.", default: DEFAULT_REVISION }),
    ),
  ),
  upgradeTo: v.optional(
    v.pipe(revision, notes({ description: "The next revision, which runs beside it during an upgrade." })),
  ),
  namespaces: v.optional(v.object({ create: v.optional(v.boolean()) })),
});

/** The options of the add-on with their defaults filled in. docs/config.md describes them. */
export interface AksOptions {
  readonly revision: string;
  /** The one that pods get first; the next one besides while the mesh is upgraded. */
  readonly revisions: readonly string[];
  readonly createNamespaces: boolean;
}

const minorOf = (name: string): number => Number(name.slice("asm-1-".length));

const checkedSchema = v.pipe(
  optionsSchema,
  v.forward(
    v.check(
      (o) =>
        o.upgradeTo === undefined || minorOf(o.upgradeTo) === minorOf(o.revision ?? DEFAULT_REVISION) + 1,
      said({
        code: "misplaced-value",
        message: "the add-on is upgraded by one revision at a time",
        hint: "name the one that follows revision",
      }),
    ),
    ["upgradeTo"],
  ),
);

/** Reads the options of the add-on and reports every fault in them. */
export function readOptions(raw: unknown, at: FieldPath): Result<AksOptions> {
  const parsed = parse(checkedSchema, raw ?? {}, at);
  if (!parsed.ok) return parsed;
  const { revision: chosen = DEFAULT_REVISION, upgradeTo, namespaces } = parsed.value;
  const value = {
    revision: chosen,
    revisions: [chosen, ...(upgradeTo === undefined ? [] : [upgradeTo])],
    createNamespaces: namespaces?.create ?? true,
  };
  return { ...parsed, value };
}

/** The version of Istio that a revision is of. */
export function istioVersion(name: string): string {
  return `1.${minorOf(name)}.0`;
}
