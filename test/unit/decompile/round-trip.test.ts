import { contentKey } from "../../../mesh/decompile/content";
import { parseIntent } from "../../../mesh/intent";
import type { NormalizedIntent, Service } from "../../../mesh/intent/types";
import type { CapabilityId } from "../../../mesh/capability/ids";
import { meshes } from "../../../mesh/registry";
import { outcome, type Outcome } from "../../../mesh/semantics";
import type { MeshAdapter } from "../../../mesh/types";
import { ableTarget } from "../../../mesh/who-can";
import { Dice, requestFor, samples } from "../../support/intents";
import { meshFor, trip, type Spoil } from "./round-trip";
import { cases, type Case } from "./round-trip-cases";

const SAMPLES = 150;
const REQUESTS = 30;

/** What happens, without where it is written, and without saying that nothing is done. */
function told(result: Outcome): string {
  const text = JSON.stringify(result, (key, value: unknown) =>
    ["because", "at", "audited"].includes(key) ? undefined : value,
  );
  return text.replace(/,"treatment":\{"faults":\{\},"mirrors":\[\]\}/g, "");
}

function endpoints(service: Service | undefined, parts: Case["traffic"]): string {
  if (service === undefined) return "gone";
  const { selector, serviceAccount, sharesServiceAccount, ports, workloads, traffic } = service;
  const treated = Object.fromEntries(parts.map((part) => [part, traffic[part]]));
  return contentKey({ selector, serviceAccount, sharesServiceAccount, ports, workloads, ...treated });
}

function differences(there: NormalizedIntent, back: NormalizedIntent, { traffic, same }: Case): string[] {
  const services = there.services.flatMap((service) => {
    const other = back.services.find((s) => s.key === service.key);
    const [a, b] = [endpoints(service, traffic), endpoints(other, traffic)];
    return a === b ? [] : [`${service.key}:\n  ${a}\n  ${b}`];
  });
  const dice = new Dice(there.services.length);
  const requests = Array.from({ length: REQUESTS }, () => requestFor(there, dice));
  const different = requests.flatMap((request) => {
    const [a, b] = [there, back].map((intent) => {
      const text = told(outcome(intent, request));
      return same === undefined ? text : same(text, request);
    });
    return a === b ? [] : [`${JSON.stringify(request)}:\n  ${a}\n  ${b}`];
  });
  return [...services, ...different];
}

interface Trips {
  readonly compiled: number;
  readonly different: readonly string[];
}

function trips(it: Case, count: number, spoil?: Spoil): Trips {
  const mesh = meshFor(it.mesh, it.options);
  const table = mesh.capabilities(ableTarget);
  const allowed = (Object.keys(table) as CapabilityId[]).filter(
    (id) => table[id].kind !== "none" && it.unsaid?.test(id) !== true,
  );
  const all = samples(count, 11, { allowed }).flatMap((sample, seed) => {
    const there = parseIntent(sample.intent);
    if (!there.ok) return [];
    const { back } = trip(there.value, { mesh, source: it.source, seed, ...(spoil && { spoil }) });
    return back === undefined ? [] : [differences(there.value, back, it).slice(0, 1)];
  });
  return { compiled: all.length, different: all.flat() };
}

describe("what is compiled for a mesh comes back as it was", () => {
  test.each(cases)("%s", (_, it) => {
    const { compiled, different } = trips(it, SAMPLES);
    expect(different.slice(0, 3)).toEqual([]);
    // Enough of them must be ones that the mesh takes.
    expect(compiled).toBeGreaterThan(SAMPLES / 10);
  });
});

/** Forms whose plans hold something else than objects of Kubernetes, which is all that is read back. */
const NO_OBJECTS = ["consul agents", "app-mesh ECS"];

test("every form of every mesh goes there and back", () => {
  const forms = Object.entries<MeshAdapter>(meshes).flatMap(([kind, adapter]) =>
    adapter.forms.map(({ title }) => `${kind} ${title}`),
  );
  const covered = cases.length + NO_OBJECTS.length;
  expect(NO_OBJECTS.filter((form) => !forms.includes(form))).toEqual([]);
  expect(covered).toBe(forms.length);
});

/** Plans with one thing wrong in them, by what becomes of a field. */
const DEFECTS: readonly (readonly [string, Spoil])[] = [
  ["shares", (key, value) => (key === "weight" && typeof value === "number" ? value * 7 + 1 : value)],
  ["conditions on headers", (key, value) => (key === "headers" && Array.isArray(value) ? [] : value)],
  ["timeouts", (key, value) => (/^(timeout|timeouts|requestTimeout)$/.test(key) ? undefined : value)],
  ["callers", (key, value) => (/^(from|requiredAuthenticationRefs)$/.test(key) ? undefined : value)],
  ["methods", (key, value) => (key === "method" ? "PATCH" : value)],
];

describe("what is wrong in a plan is seen when it comes back", () => {
  const gateway = cases.find(([name]) => name === "Istio with sidecars and the Gateway API");
  test.each(DEFECTS)("%s", (_, spoil) => {
    expect(gateway === undefined ? [] : trips(gateway[1], 60, spoil).different).not.toEqual([]);
  });
});
