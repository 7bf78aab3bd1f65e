import { found, formatDiagnostics, type Diagnostic, type JsonObject } from "../../../lib";
import { compile } from "../../../mesh/compile";
import { decompile, type SourceKind } from "../../../mesh/decompile";
import { parseIntent, type Intent } from "../../../mesh/intent";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import { marked } from "../../../mesh/plan/marks";
import type { KubeObject } from "../../../mesh/plan/types";
import { configureMesh } from "../../../mesh/registry";
import type { ConfiguredMesh } from "../../../mesh/types";
import { ableTarget } from "../../../mesh/who-can";
import { Dice } from "../../support/intents";
import { chartObjects, stripped, workloadsOf } from "./workloads";

export interface Trip {
  readonly there: NormalizedIntent;
  /** Absent where the mesh refuses the intent. */
  readonly back?: NormalizedIntent;
  readonly losses: readonly Diagnostic[];
}

export function meshFor(kind: string, options: JsonObject = {}): ConfiguredMesh {
  const mesh = configureMesh({ kind, ...options });
  if (!mesh.ok) throw new Error(formatDiagnostics(mesh.diagnostics));
  return mesh.value;
}

/** What becomes of a field of an object that is spoilt on purpose; undefined takes it away. */
export type Spoil = (key: string, value: unknown) => unknown;

/** Compiles an intent for a mesh and reads what came of it back, in another order and without our labels. */
export function trip(
  there: NormalizedIntent,
  { mesh, source, seed, spoil }: { mesh: ConfiguredMesh; source: SourceKind; seed: number; spoil?: Spoil },
): Trip {
  const plan = compile(there, mesh, ableTarget);
  if (!plan.ok) return { there, losses: plan.diagnostics };
  const own = plan.value.steps.flatMap(({ do: action }) => (action.kind === "objects" ? action.objects : []));
  const objects = [
    ...stripped(
      own.map(
        (o) =>
          JSON.parse(JSON.stringify(o), (key, value: unknown) =>
            spoil === undefined ? value : spoil(key, value),
          ) as JsonObject,
      ),
    ),
    ...workloadsOf(there).map((o) => marked(o as KubeObject, plan.value.marks ?? []) as JsonObject),
    ...chartObjects(plan.value),
  ];
  const manifests = new Dice(seed).shuffled(objects).map((object, i) => ({ object: object, at: [i] }));
  const { intent, losses } = decompile(source, manifests);
  const back = parseIntent(withNames(intent, there));
  if (!back.ok)
    throw new Error(
      `what came back is no intent:\n${formatDiagnostics(found(back))}\n${JSON.stringify(intent)}`,
    );
  return { there, back: back.value, losses };
}

/** Istio knows the issuers of tokens by their issuer alone: their names in the intent are anybody's guess. */
function withNames(intent: Intent, { jwtProviders }: NormalizedIntent): Intent {
  const names = new Map(
    Object.entries(intent.jwtProviders ?? {}).map(([name, provider]) => {
      const same = jwtProviders.find((p) => p.issuer === provider.issuer);
      return [name, same?.name ?? name];
    }),
  );
  const named = (name: string): string => names.get(name) ?? name;
  return {
    ...intent,
    jwtProviders: Object.fromEntries(
      Object.entries(intent.jwtProviders ?? {}).map(([name, p]) => [named(name), p]),
    ),
    access: (intent.access ?? []).map((access) =>
      access.jwt === undefined
        ? access
        : { ...access, jwt: { ...access.jwt, provider: named(access.jwt.provider) } },
    ),
  };
}
