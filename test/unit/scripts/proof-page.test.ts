import { pageOf, sectionsOf } from "../../../scripts/proof-page";

const page = { date: "2026-01-02", machine: "2 cores" };

test("a part that is proved again takes its own place, and the others keep theirs", () => {
  const first = pageOf({
    ...page,
    sections: new Map([
      ["One", "exit 0\n\n```\n# not a heading\n### nor this\n```"],
      ["Two", "exit 1"],
    ]),
  });
  const again = pageOf({ ...page, sections: new Map([...sectionsOf(first), ["Two", "exit 0"]]) });
  expect(again).toBe(first.replace("exit 1", "exit 0"));
});

test("a page without sections has none", () => {
  expect([...sectionsOf("# Proof of a day\n\nNothing yet.\n")]).toEqual([]);
});
