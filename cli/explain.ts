import { formatPath, type Diagnostic, type FieldPath, type SourcePosition } from "../lib";
import { compile } from "../mesh/compile";
import { capability, requiredBy } from "../mesh/capability/catalogue";
import type { CapabilityId } from "../mesh/capability/ids";
import type { Support } from "../mesh/capability/types";
import { nameObject } from "../mesh/plan/identity";
import type { KubeObject } from "../mesh/plan/types";
import type { ConfiguredMesh } from "../mesh/types";
import { explanation, outcome, type Outcome, type Request } from "../mesh/semantics";
import { meshOf, readIntent, type GivenIntent, type IntentOptions } from "./intent-source";
import type { Output } from "./output";
import { parseQuestion } from "./question";

export interface ExplainOptions extends IntentOptions {
  readonly mesh?: string;
}

export interface Answer {
  readonly request: Request;
  readonly outcome: Outcome;
  readonly lines: readonly string[];
  /** The parts of the intent that decide, the deciding one first. */
  readonly because: readonly { readonly path: string; readonly source?: SourcePosition }[];
  readonly mesh?: MeshAnswer;
}

/** How one mesh does what the deciding parts ask for. */
export interface MeshAnswer {
  readonly kind: string;
  readonly version: string;
  /** How many faults keep the intent as a whole from this mesh. */
  readonly faults: number;
  readonly does: readonly {
    readonly capability: CapabilityId;
    readonly support: Support;
    readonly objects: readonly string[];
  }[];
}

/** What becomes of a request and why, and with `--mesh` what does it there. */
export function explain(question: string, options: ExplainOptions, root: string): Answer {
  const given = readIntent(options, root);
  const request = parseQuestion(question, given.intent);
  const result = outcome(given.intent, request);
  const because = reasons(result);
  const answer = {
    request,
    outcome: result,
    lines: explanation(result),
    because: because.map((path) => place(path, given)),
  };
  if (options.mesh === undefined) return answer;
  return { ...answer, mesh: meshAnswer(because, { given, mesh: meshOf(options.mesh, given.mesh), request }) };
}

/** Every part of the intent that an outcome names, each once. */
function reasons(result: Outcome): FieldPath[] {
  const verdicts =
    result.kind === "forwarded"
      ? result.backends.flatMap(({ verdict }) => [...verdict.because, ...verdict.audited])
      : [];
  const all = [...result.because, ...verdicts, ...(result.kind === "denied" ? result.audited : [])];
  return [...new Map(all.map((path) => [formatPath(path), path])).values()];
}

function place(path: FieldPath, given: GivenIntent): Answer["because"][number] {
  const asked: Diagnostic = { code: "reason", severity: "info", path, message: "" };
  const [found = asked] = given.locate([asked]);
  return { path: formatPath(found.path), ...(found.source === undefined ? {} : { source: found.source }) };
}

interface Around {
  readonly given: GivenIntent;
  readonly mesh: ConfiguredMesh;
  readonly request: Request;
}

/** The capabilities that the deciding parts need, and the mesh's objects that have them. */
function meshAnswer(because: readonly FieldPath[], { given, mesh, request }: Around): MeshAnswer {
  const { intent, target } = given;
  const table = mesh.capabilities(target);
  const plan = compile(intent, mesh, target);
  const objects = plan.ok
    ? plan.value.steps.flatMap(({ do: action }) => (action.kind === "objects" ? action.objects : []))
    : [];
  const involved = requiredBy(intent).filter(({ at }) =>
    because.some((reason) => within(at, reason) || within(reason, at)),
  );
  const ids = [...new Set(involved.map((use) => use.capability))];
  const does = ids.map((id) => ({
    capability: id,
    support: table[id],
    objects: objectsFor(table[id], { objects, about: subject(request) }),
  }));
  const faults = plan.ok ? [] : plan.diagnostics.filter((d) => d.severity === "error");
  return { kind: mesh.kind, version: mesh.version, faults: faults.length, does };
}

function within(inner: FieldPath, outer: FieldPath): boolean {
  return outer.every((part, i) => inner[i] === part);
}

function subject({ to }: Request): string {
  if (to.kind === "service") return to.service;
  return to.kind === "gateway" ? to.gateway : to.host;
}

/** Objects of the kinds that a capability is said to be done by, which speak of what the request is for. */
function objectsFor(
  support: Support,
  { objects, about }: { objects: readonly KubeObject[]; about: string },
): string[] {
  if (support.kind === "none") return [];
  const [namespace, name] = about.includes("/") ? about.split("/", 2) : [undefined, about];
  const kinds: readonly string[] = support.by.match(/[A-Z][A-Za-z]+/g) ?? [];
  const speaks = (object: KubeObject): boolean => {
    const own = namespace === undefined || object.metadata.namespace === namespace;
    const text = JSON.stringify(object);
    return (
      (own && (object.metadata.name.startsWith(`${name}-`) || text.includes(`"${name}"`))) ||
      text.includes(`"${name}.${namespace}.`)
    );
  };
  return objects.filter((object) => kinds.includes(object.kind) && speaks(object)).map(nameObject);
}

export function describeAnswer({ lines, because, mesh }: Answer, heading: Output["heading"]): string {
  const reasonsText = because.map(({ path, source }) =>
    source === undefined ? `  ${path}` : `  ${source.file}:${source.line}:${source.column} ${path}`,
  );
  return [
    ...lines,
    ...(because.length === 0 ? [] : [heading("Because of"), ...reasonsText]),
    ...(mesh === undefined ? [] : describeMesh(mesh, heading)),
  ].join("\n");
}

function describeMesh({ kind, version, faults, does }: MeshAnswer, heading: Output["heading"]): string[] {
  const refused =
    faults === 0
      ? []
      : [
          `  The intent as a whole is refused, for ${faults} faults: meshwright plan --mesh ${kind} tells them`,
        ];
  return [heading(`On ${kind} ${version}`), ...does.flatMap(describeDoing), ...refused];
}

function describeDoing({ capability: id, support, objects }: MeshAnswer["does"][number]): string[] {
  const { title } = capability(id);
  if (support.kind === "none") {
    return [
      `  cannot: ${title} (${id}): ${support.reason}${support.nearest === undefined ? "" : `; nearest: ${support.nearest}`}`,
    ];
  }
  const by = objects.length === 0 ? support.by : `${objects.join(", ")} (${support.by})`;
  return [`  ${title}: ${by}${support.note === undefined ? "" : `; ${support.note}`}`];
}
