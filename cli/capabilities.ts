import { catalogue } from "../mesh/capability/catalogue";
import type { CapabilityId } from "../mesh/capability/ids";
import type { Capability, Support } from "../mesh/capability/types";
import type { Lifecycle } from "../mesh/types";
import { chosenForms, type Form } from "./forms";
import type { Output } from "./output";
import { table } from "./table";

/** What meshes can do, as machines read it. */
export interface CapabilityMatrix {
  readonly capabilities: readonly Pick<
    Capability,
    "id" | "title" | "definition" | "level" | "security" | "link"
  >[];
  readonly forms: readonly {
    readonly kind: string;
    readonly title: string;
    readonly lifecycle: Lifecycle;
    readonly support: { readonly [id in CapabilityId]: Support };
  }[];
}

export interface CapabilitiesOptions {
  readonly mesh?: string;
  readonly markdown?: true;
}

export function matrixOf(forms: readonly Form[]): CapabilityMatrix {
  return {
    capabilities: catalogue.map(({ id, title, definition, level, security, link }) => ({
      id,
      title,
      definition,
      level,
      security,
      link,
    })),
    forms: forms.map(({ kind, title, lifecycle, table: support }) => ({ kind, title, lifecycle, support })),
  };
}

/** Prints which mesh can do what, on a cluster that has everything. */
export function capabilities(options: CapabilitiesOptions, output: Output): void {
  const forms = chosenForms(options.mesh);
  output.result(
    () =>
      options.markdown === true ? markdownOf(forms).trimEnd() : textOf(forms, options.mesh !== undefined),
    matrixOf(forms),
  );
}

/** One sign a cell, so that every form of every mesh fits a terminal. */
const SIGNS: Readonly<Record<Support["kind"], string>> = { native: "x", "gateway-api": "g", none: "." };

/** A table for a terminal; of chosen meshes also why and what else where something is missing. */
function textOf(forms: readonly Form[], why: boolean): string {
  const heads = forms.map((_, i) => letter(i));
  const rows = catalogue.map(({ id, level, security }) => [
    id,
    security ? `${level} *` : level,
    forms.map((form) => SIGNS[form.table[id].kind]).join(" "),
  ]);
  const legend = forms.map(({ kind, title, lifecycle }, i) => {
    const bad = "since" in lifecycle ? `, ${lifecycle.stage} since ${lifecycle.since}` : "";
    return `${letter(i)}  ${title} (kind: ${kind})${bad}`;
  });
  const signs = [
    "x: objects of its own do it; g: the Gateway API's do; .: it cannot",
    "*: security: a mesh that lacks it refuses the intent, whatever degrade says",
  ];
  const missing = forms.flatMap((form) => [
    ``,
    `${form.title} lacks`,
    ...lacks(form).map(({ id, text }) => `  ${id}: ${text}`),
  ]);
  const further = ["", "meshwright capabilities --mesh istio,linkerd says why not, and what is nearest"];
  return [
    ...legend,
    "",
    table([["CAPABILITY", "LEVEL", heads.join(" ")], ...rows]),
    "",
    ...signs,
    ...(why ? missing : further),
  ].join("\n");
}

/** What a form of a mesh does not have, each with the reason, the nearest it has, and the source. */
export function lacks({ table: supports }: Form): { readonly id: CapabilityId; readonly text: string }[] {
  return catalogue.flatMap(({ id }) => {
    const support = supports[id];
    if (support.kind !== "none") return [];
    const nearest = support.nearest === undefined ? "" : `; nearest: ${support.nearest}`;
    return [{ id, text: `${support.reason}${nearest} (${support.source})` }];
  });
}

/** The document docs/capabilities.md. */
export function markdownOf(forms: readonly Form[]): string {
  const head = [
    "# Capabilities",
    "",
    "What each mesh can do with an intent, on a cluster that has everything. Written by `meshwright capabilities",
    "--markdown`; a test fails where it is stale. `meshwright compare` says what an intent of yours would lose.",
    "",
    "**core**: whatever calls itself a mesh should have it; **extended**: some have it; **security**: a mesh that lacks",
    "it refuses the intent, whatever its `degrade` says. A cell is `yes` where the mesh's own objects do it, `GW` where",
    "the Gateway API's do, and empty where the intent is refused, or does without where it says so.",
    "",
  ];
  return `${[...head, ...legend(forms), "", ...matrix(forms), ...forms.flatMap(formSection)].join("\n")}\n`;
}

function legend(forms: readonly Form[]): string[] {
  return forms.map(({ title, kind, lifecycle }, i) => {
    const bad =
      "since" in lifecycle ? `, **${lifecycle.stage} since ${lifecycle.since}** (${lifecycle.source})` : "";
    return `- **${letter(i)}**: ${title}, \`kind: ${kind}\`${bad}`;
  });
}

/** Columns have letters, since titles would make the table too wide to read. */
function letter(i: number): string {
  return String.fromCharCode("A".charCodeAt(0) + i);
}

function matrix(forms: readonly Form[]): string[] {
  const letters = forms.map((_, i) => letter(i));
  const mark: Readonly<Record<Support["kind"], string>> = { native: "yes", "gateway-api": "GW", none: "" };
  const rows = catalogue.map(({ id, title, level, security, link }) => {
    const cells = forms.map((form) => mark[form.table[id].kind]);
    return `| [\`${id}\`](${link}) ${title} | ${level}${security ? ", security" : ""} | ${cells.join(" | ")} |`;
  });
  const line = ["---", "---", ...letters.map(() => "---")].join(" | ");
  return [`| capability | level | ${letters.join(" | ")} |`, `| ${line} |`, ...rows];
}

function formSection(form: Form): string[] {
  const noted = catalogue.flatMap(({ id }) => {
    const support = form.table[id];
    return support.kind !== "none" && support.note !== undefined
      ? [`- \`${id}\`: ${support.note} (${support.by})`]
      : [];
  });
  const missing = lacks(form).map(({ id, text }) => `- \`${id}\`: ${text}`);
  return [
    "",
    `## ${form.title}`,
    "",
    ...(missing.length === 0 ? ["It has everything."] : ["What it lacks:", "", ...missing]),
    ...(noted.length === 0 ? [] : ["", "Limits of what it has:", "", ...noted]),
  ];
}
