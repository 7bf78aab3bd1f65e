import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { parseYaml } from "../../../config/document";
import { found, isJsonObject, type Diagnostic, type FieldPath } from "../../../lib";
import { decompile, type Manifest, type SourceKind } from "../../../mesh/decompile";
import { parseIntent } from "../../../mesh/intent";
import { fetchedModule, moduleFolder, moduleVersion } from "../../support/modules";

/**
 * What projects publish of their own: Istio's samples, the Gateway API's conformance manifests. Every file is read, and
 * whatever the intent does not say is listed. `published/*.yaml` has the counts; UPDATE_GOLDENS=1 writes them anew.
 */

interface Corpus {
  readonly source: SourceKind;
  /** Undefined where its module is not here. */
  readonly folder: string | undefined;
  /** A file that all others build on. */
  readonly base?: string;
}

const GATEWAY_API = "sigs.k8s.io/gateway-api";

function conformance(): string | undefined {
  const version = moduleVersion(GATEWAY_API);
  return version === undefined ? undefined : fetchedModule(`${GATEWAY_API}/conformance`, version);
}

const istio = moduleFolder("istio.io/istio");
const corpora: Readonly<Record<string, Corpus>> = {
  "istio-samples": { source: "istio", folder: istio && join(istio, "samples") },
  "gateway-api-conformance": {
    source: "gateway-api",
    folder: conformance(),
    base: "base/manifests.yaml",
  },
};

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(path);
      return /\.ya?ml$/.test(entry.name) ? [path] : [];
    })
    .sort();
}

/** Undefined for what is no YAML but a template of it. */
function manifestsOf(file: string, first = 0): Manifest[] | undefined {
  const read = parseYaml(readFileSync(file, "utf8"), file);
  if (!read.ok) return undefined;
  return read.documents.flatMap(({ value }, i) =>
    value === null || value === undefined ? [] : [{ object: value, at: [first + i] }],
  );
}

interface Read {
  readonly file: string;
  readonly own: readonly Manifest[];
  readonly all: readonly Manifest[];
}

function filesOf({ folder, base }: Corpus): readonly (Read | string)[] {
  if (folder === undefined) return [];
  const beside = base === undefined ? [] : (manifestsOf(join(folder, base), 1000) ?? []);
  return filesIn(folder).map((path) => {
    const file = relative(folder, path);
    const own = manifestsOf(path);
    if (own === undefined) return file;
    return { file, own, all: file === base ? own : [...own, ...beside] };
  });
}

function countsOf({ source }: Corpus, { own, all }: Read): string {
  const { intent, losses } = decompile(source, all);
  const here = losses.filter(({ path }) => own.some(({ at }) => at[0] === path[0]));
  const count = (code: string): string => `${here.filter((loss) => loss.code === code).length} ${code}`;
  const faults = [
    ...new Set(found(parseIntent(intent)).flatMap((d) => (d.severity === "error" ? d.code : []))),
  ];
  const counts = [`${own.length} objects`, ...["lost", "changed", "assumed"].map(count)];
  return [...counts, ...faults.sort()].join(", ");
}

/** The paths of all values that hold no other. */
function leavesOf(value: unknown, at: FieldPath): FieldPath[] {
  const entries: (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((item, i) => [i, item] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  if (entries.length === 0) return [at];
  return entries.flatMap(([key, inner]) => leavesOf(inner, [...at, key]));
}

/** The value with one place in it made anew; left out where that makes nothing of it. */
function edited(value: unknown, [key, ...rest]: FieldPath, edit: (old: unknown) => unknown): unknown {
  if (key === undefined) return edit(value);
  if (Array.isArray(value)) {
    const all = value.map((item: unknown, i) => (i === key ? edited(item, rest, edit) : item));
    return all.filter((item, i) => i !== key || item !== undefined);
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, inner]): [string, unknown] => [name, name === key ? edited(inner, rest, edit) : inner])
      .filter(([, inner]) => inner !== undefined),
  );
}

const EDITS: readonly ((old: unknown) => unknown)[] = [
  () => undefined,
  (old) => (typeof old === "string" ? `${old}-other` : typeof old === "number" ? old + 1 : !(old as boolean)),
];

function said(source: SourceKind, manifests: readonly Manifest[]): string {
  const { intent, losses } = decompile(source, manifests);
  const told = losses.map(({ code, path, message }: Diagnostic) => JSON.stringify([code, path, message]));
  return JSON.stringify([intent, told.sort()]);
}

const OF_MESHES = /(^|\.)istio\.io\/|^gateway\.networking\.k8s\.io\//;

/** Fields of a file that are in no loss, and whose absence or change makes no difference to the intent and the losses. */
function silentIn(source: SourceKind, { own, all }: Read): string[] {
  const before = said(source, all);
  const lost = decompile(source, all).losses.map(({ path }) => path);
  return own.flatMap(({ object, at }) => {
    const { apiVersion, kind, spec } = object as { apiVersion?: string; kind?: string; spec?: unknown };
    if (!OF_MESHES.test(apiVersion ?? "") || spec === undefined) return [];
    return leavesOf(spec, ["spec"]).flatMap((leaf) => {
      const whole = [...at, ...leaf];
      if (lost.some((path) => path.every((part, i) => part === whole[i]))) return [];
      const heard = EDITS.some((edit) => {
        const changed = { object: edited(object, leaf, edit), at };
        return (
          said(
            source,
            all.map((one) => (one.object === object ? changed : one)),
          ) !== before
        );
      });
      if (heard) return [];
      return [`${kind} ${leaf.map((key) => (typeof key === "number" ? "*" : key)).join(".")}`];
    });
  });
}

/** What needs no word in an intent, and why. */
const NEEDS_NO_WORD: Readonly<Record<string, readonly RegExp[]>> = {
  "a name by which manifests know each other": [
    /^Gateway spec\.listeners\.\*\.name$/,
    /^ServiceEntry spec\.ports\.\*\.name$/,
  ],
  "who runs a gateway, which the mesh says": [
    /^Gateway spec\.gatewayClassName$/,
    /^GatewayClass spec\.(controllerName|description)$/,
  ],
  "a proxy that carries the mesh's own traffic": [/^Gateway spec\.listeners\.\*\.(port|protocol)$/],
  "a permission that an intent does not need": [
    /^ReferenceGrant spec\.(from|to)\.\*\.(group|kind|namespace|name)$/,
    /^Gateway spec\.listeners\.\*\.allowedRoutes\./,
  ],
  "what Istio's own webhook would refuse otherwise": [
    /^ServiceEntry spec\.(resolution|ports\.\*\.protocol)$/,
  ],
  "hosts of a gateway that is not here, which is told at its name": [/^VirtualService spec\.hosts\.\*$/],
};

describe.each(Object.entries(corpora))("%s", (name, corpus) => {
  const files = filesOf(corpus);
  const read = files.flatMap((file) => (typeof file === "string" ? [] : [file]));
  const here = corpus.folder !== undefined;
  if (!here && process.env["CI"] !== "true") console.warn(`${name}: skipped, its Go module is not here`);
  const each = here || process.env["CI"] === "true" ? test : test.skip;

  each("is read without a crash, with as many losses as its golden counts", () => {
    expect(corpus.folder).toBeDefined();
    const counts = Object.fromEntries(
      files.map((file) =>
        typeof file === "string" ? [file, "a template"] : [file.file, countsOf(corpus, file)],
      ),
    );
    const golden = join(__dirname, "published", `${name}.yaml`);
    const current = stringify(counts, { lineWidth: 0 });
    if (process.env["UPDATE_GOLDENS"] === "1") writeFileSync(golden, current);
    expect(existsSync(golden) ? readFileSync(golden, "utf8") : "no golden").toBe(current);
  });

  each("is in the intent or among the losses, field by field", () => {
    const silent = read.flatMap((file) =>
      silentIn(corpus.source, file).map((field) => ({ field, file: file.file })),
    );
    const patterns = Object.values(NEEDS_NO_WORD).flat();
    expect(silent.filter(({ field }) => !patterns.some((pattern) => pattern.test(field)))).toEqual([]);
    expect(read.length).toBeGreaterThan(50);
  });
});
