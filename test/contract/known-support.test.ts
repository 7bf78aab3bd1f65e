import { formTables } from "../../mesh/who-can";
import { columns, knownSupport } from "./known-support";

/**
 * Adapters support what is known of their meshes, but for the cells below, each of which says why not, and where that
 * is written or was seen. A cell that is lost, and one that is won, fails here.
 */
const BELOW: readonly string[] = [
  "Linkerd (sidecar): retry.budget",
  "Istio (ambient with waypoints): fault.delay",
  "Istio (ambient with waypoints): fault.abort",
  "Istio (ambient with waypoints): traffic.rateLimit.proxy",
  "Istio (ambient with waypoints): egress.deny",
  "Istio (ambient with waypoints): traffic.locality.failover",
  "Istio (ambient with waypoints): traffic.locality.prefer",
  "Istio (ambient with waypoints): federation",
  "Linkerd (sidecar): federation",
  "Consul (Kubernetes): federation",
  "Istio (ambient with waypoints): workloads.vm",
  "Linkerd (sidecar): workloads.vm",
];

interface Cell {
  readonly name: string;
  readonly sources: readonly string[];
}

const tables = formTables();

function cells(mark: string): Cell[] {
  return knownSupport.flatMap(({ cells: marks, ids }) =>
    columns.flatMap((titles, i) => {
      if (marks[i] !== mark) return [];
      const forms = tables.filter(({ title }) => titles.some((own) => own === title));
      return ids.flatMap((id): Cell[] => {
        const answers = forms.map(({ table }) => table[id]);
        if (answers.some(({ kind }) => kind !== "none")) return [];
        return [{ name: `${titles[0]}: ${id}`, sources: answers.map(({ source }) => source) }];
      });
    }),
  );
}

test("every row has a cell for every mesh, and every mesh is one of ours", () => {
  expect(knownSupport.filter(({ cells: marks }) => marks.length !== columns.length)).toEqual([]);
  const titles = tables.map(({ title }) => title);
  expect(columns.flat().filter((title) => !titles.includes(title))).toEqual([]);
});

test("what is known of a mesh its adapter has, but for what is listed here", () => {
  expect(cells("y").map(({ name }) => name)).toEqual(BELOW);
});

test("whatever is below what is known links what shows why", () => {
  const unlinked = cells("y").filter(({ sources }) => sources.some((s) => !/^https:\/\/[^/]+\/\S+$/.test(s)));
  expect(unlinked).toEqual([]);
});
