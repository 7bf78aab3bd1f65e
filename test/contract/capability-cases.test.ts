import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { formatDiagnostic, found, type JsonObject, type Result } from "../../lib";
import { compile, configureMesh, parseIntent } from "../../mesh";
import { capability, requiredBy } from "../../mesh/capability/catalogue";
import { capabilityIds, type CapabilityId } from "../../mesh/capability/ids";
import { leaveOut } from "../../mesh/capability/leave-out";
import type { NormalizedIntent } from "../../mesh/intent/types";
import type { MeshPlan } from "../../mesh/plan/types";
import { meshes } from "../../mesh/registry";
import type { ClusterFeatures, ConfiguredMesh } from "../../mesh/types";
import { value } from "../unit/mesh/intents";
import { cluster as ordinary } from "../unit/mesh/istio/plans";
import { capabilityIntents } from "./capability-intents";
import { added } from "./cells";

/**
 * Every cell of the matrix has its case: what a mesh makes of the least intent that asks for the capability, or how it
 * refuses. `cells/<mesh>-<form>.yaml` shows them; UPDATE_GOLDENS=1 writes them anew.
 */

/** A cluster that has all that a mesh may ask of one. */
const cluster: ClusterFeatures = { ...ordinary, internalLoadBalancer: { "example.com/internal": "true" } };
const target = { cluster };
const folder = join(__dirname, "cells");
const update = process.env["UPDATE_GOLDENS"] === "1";

interface Form {
  readonly name: string;
  readonly mesh: ConfiguredMesh;
}

/** What the options of a form leave to the user, and plans cannot do without. */
const GIVEN: { readonly [kind: string]: JsonObject } = {
  linkerd: { webhooks: { certManager: { issuer: "hooks" } } },
  "gateway-api": { security: "elsewhere" },
  "app-mesh": { gateways: { certificates: { cert: "arn:aws:acm:eu-west-1:111122223333:certificate/a" } } },
};

const forms: readonly Form[] = Object.entries(meshes).flatMap(([kind, { forms: all }]) =>
  all.map(({ title, options }) => ({
    name: `${kind}-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`,
    mesh: value(configureMesh({ kind, ...GIVEN[kind], ...options })),
  })),
);

const cases = new Map(
  capabilityIds.map((id) => [id, capabilityIntents[id].map((written) => value(parseIntent(written)))]),
);
const nothing = value(parseIntent({ authorization: { default: "allow" } }));

/** What meshes do unasked leaves nothing to see. */
const UNASKED: readonly CapabilityId[] = ["telemetry.metrics"];

interface Cell {
  readonly intent: NormalizedIntent;
  readonly result: Result<MeshPlan>;
}

/** The first intent for a capability that comes out as a plan, else the first. */
function cellOf(id: CapabilityId, mesh: ConfiguredMesh): Cell {
  const cells = (cases.get(id) ?? []).map((intent) => ({ intent, result: compile(intent, mesh, target) }));
  const cell = cells.find((c) => c.result.ok) ?? cells[0];
  if (cell === undefined) throw new Error(`no intent for ${id}`);
  return cell;
}

const errors = (result: Result<MeshPlan>): string[] =>
  found(result)
    .filter((d) => d.severity === "error")
    // Hints name the meshes that can, and so change with every other mesh.
    .map(({ code, severity, path, message }) => formatDiagnostic({ code, severity, path, message }));

test("the intent of each capability asks for it", () => {
  const silent = capabilityIds.filter((id) =>
    (cases.get(id) ?? []).some((intent) => !requiredBy(intent).some((r) => r.capability === id)),
  );
  expect(silent).toEqual([]);
});

describe.each(forms.map((form) => [form.name, form] as const))("%s", (name, { mesh }) => {
  const table = mesh.capabilities(target);
  const able = capabilityIds.filter((id) => table[id].kind !== "none");
  const cells = new Map(capabilityIds.map((id) => [id, cellOf(id, mesh)]));
  const cell = (id: CapabilityId): Cell => cells.get(id) ?? cellOf(id, mesh);

  test("plans what it says it can", () => {
    const broken = able.flatMap((id) => errors(cell(id).result).map((error) => `${id}: ${error}`));
    expect(broken).toEqual([]);
  });

  test("refuses what it says it cannot, by name", () => {
    const refusals = (id: CapabilityId): Result<MeshPlan>[] =>
      (cases.get(id) ?? []).map((intent) => compile(intent, mesh, target));
    const named = (id: CapabilityId) => (result: Result<MeshPlan>) =>
      found(result).some((d) => d.code === "unsupported-capability" && d.message.includes(`(${id})`));
    const silent = capabilityIds.filter((id) => !able.includes(id) && !refusals(id).every(named(id)));
    expect(silent).toEqual([]);
  });

  test("makes something of what can be left out", () => {
    const ignored = able.filter((id) => {
      const support = table[id];
      const unasked = UNASKED.includes(id) || (support.kind !== "none" && support.by === "nothing here");
      if (unasked) return false;
      const { intent, result } = cell(id);
      const changes = capability(id)
        .uses(intent)
        .flatMap(({ without }) => without ?? []);
      if (!result.ok || changes.length === 0) return false;
      const less = compile(leaveOut(intent, changes), mesh, target);
      return less.ok && added(result.value, less.value).length + added(less.value, result.value).length === 0;
    });
    expect(ignored).toEqual([]);
  });

  test("does with each capability what its golden cell shows", () => {
    const empty = value(compile(nothing, mesh, target));
    const shown = Object.fromEntries(
      capabilityIds.map((id) => {
        const { result } = cell(id);
        return [id, result.ok ? added(result.value, empty) : errors(result)];
      }),
    );
    const file = join(folder, `${name}.yaml`);
    const current = stringify(shown, { lineWidth: 0 });
    if (update) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, current);
    }
    expect(existsSync(file) ? readFileSync(file, "utf8") : "no golden; UPDATE_GOLDENS=1 writes it").toBe(
      current,
    );
  });
});

test("no golden cells are left without their form", () => {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const orphans = files.filter((file) => !forms.some((form) => `${form.name}.yaml` === file));
  if (update) for (const file of orphans) rmSync(join(folder, file));
  expect(update ? [] : orphans).toEqual([]);
});
