import { formatPath, type Diagnostic, type SourcePosition } from "../lib";
import { capability, catalogue, requiredBy } from "../mesh/capability/catalogue";
import type { CapabilityId } from "../mesh/capability/ids";
import { UserError } from "./exit";
import { eachForm, type Form } from "./forms";
import { readIntent, type GivenIntent, type IntentOptions } from "./intent-source";
import type { Output } from "./output";

export interface CompareOptions extends IntentOptions {
  readonly meshes: string;
}

/** Something that one mesh does and another does not. */
export interface Loss {
  readonly capability: CapabilityId;
  readonly title: string;
  readonly security: boolean;
  readonly reason: string;
  readonly nearest?: string;
  readonly source: string;
  /** Where the intent asks for it; absent without an intent. */
  readonly uses?: readonly { readonly path: string; readonly source?: SourcePosition }[];
}

/** What moving from one mesh to another costs. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly loses: readonly Loss[];
  readonly gains: readonly CapabilityId[];
}

/** What one would lose and gain by moving from the first mesh to each of the others; with an intent, what it asks for. */
export function compare(options: CompareOptions, root: string): readonly Move[] {
  const [from, ...others] = eachForm(options.meshes);
  if (from === undefined || others.length === 0) {
    throw new UserError(
      "there is nothing to compare with",
      "name two meshes or more: --meshes istio,linkerd",
    );
  }
  const given = options.file === undefined ? undefined : readIntent(options, root);
  return others.map((to) => moveOf(from, to, given));
}

function moveOf(from: Form, to: Form, given: GivenIntent | undefined): Move {
  const uses = given === undefined ? undefined : usesOf(given);
  const asked = (id: CapabilityId): boolean => uses === undefined || uses.has(id);
  const lost = catalogue.filter(({ id }) => asked(id) && to.table[id].kind === "none");
  // With an intent, what the first mesh cannot do either still stands in the way.
  const counted = lost.filter(({ id }) => uses !== undefined || from.table[id].kind !== "none");
  const gained = catalogue.filter(
    ({ id }) => asked(id) && from.table[id].kind === "none" && to.table[id].kind !== "none",
  );
  return {
    from: from.title,
    to: to.title,
    loses: counted.flatMap(({ id }) => lossOf(id, to, uses?.get(id))),
    gains: gained.map(({ id }) => id),
  };
}

type Uses = NonNullable<Loss["uses"]>;

function lossOf(id: CapabilityId, to: Form, uses: Uses | undefined): Loss[] {
  const support = to.table[id];
  if (support.kind !== "none") return [];
  const { title, security } = capability(id);
  const { reason, nearest, source } = support;
  return [
    {
      capability: id,
      title,
      security,
      reason,
      source,
      ...(nearest === undefined ? {} : { nearest }),
      ...(uses === undefined ? {} : { uses }),
    },
  ];
}

/** Where an intent asks for what. */
function usesOf(given: GivenIntent): ReadonlyMap<CapabilityId, Uses> {
  const uses = new Map<CapabilityId, Uses>();
  for (const { capability: id, at } of requiredBy(given.intent)) {
    const asked: Diagnostic = { code: "use", severity: "info", path: at, message: "" };
    const [{ path, source } = asked] = given.locate([asked]);
    const use = { path: formatPath(path), ...(source === undefined ? {} : { source }) };
    uses.set(id, [...(uses.get(id) ?? []), use]);
  }
  for (const [id, all] of uses) uses.set(id, [...all].sort(byLine));
  return uses;
}

function byLine(a: Uses[number], b: Uses[number]): number {
  return (a.source?.line ?? 0) - (b.source?.line ?? 0) || (a.source?.column ?? 0) - (b.source?.column ?? 0);
}

export function describeMoves(moves: readonly Move[], heading: Output["heading"]): string {
  return moves.map((move) => describeMove(move, heading)).join("\n\n");
}

function describeMove({ from, to, loses, gains }: Move, heading: Output["heading"]): string {
  const losses = loses.flatMap(({ capability: id, title, security, reason, nearest, uses = [] }) => [
    `  ${id}${security ? " (security: the intent is refused)" : ""}: ${title}`,
    `    ${reason}${nearest === undefined ? "" : `; nearest: ${nearest}`}`,
    ...uses.map(
      ({ path, source }) =>
        `    at ${source === undefined ? "" : `${source.file}:${source.line}:${source.column} `}${path}`,
    ),
  ]);
  return [
    heading(`From ${from} to ${to}`),
    loses.length === 0 ? "Nothing is lost." : `Lost, ${loses.length}:`,
    ...losses,
    ...(gains.length === 0 ? [] : [`Gained, ${gains.length}: ${gains.join(", ")}`]),
  ].join("\n");
}
