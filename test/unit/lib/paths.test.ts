import fc from "fast-check";
import { formatPath, outerHosts, parsePath, suggestions } from "../../../lib";

test("a path that is printed is read back as it was", () => {
  const part = fc.oneof(fc.string(), fc.nat({ max: 999_999_999 }));
  fc.assert(fc.property(fc.array(part), (path) => expect(parsePath(formatPath(path))).toEqual(path)));
});

test.each(["a b", ".a", "a.", "a[", "a[x]", 'a["x]', "a[-1]", "a..b", "a[1]b"])("%s is no path", (text) => {
  expect(parsePath(text)).toBeUndefined();
});

test("a host lies within itself and the wildcards above it", () => {
  expect(outerHosts("a.b.example")).toEqual(["a.b.example", "*.b.example", "*.example", "*"]);
  expect(outerHosts("*.example")).toEqual(["*.example", "*.example", "*"]);
  expect(outerHosts("*")).toEqual(["*"]);
});

test("suggestions are made until they have taken long enough, then everything is listed", () => {
  const many = Array.from({ length: 30_000 }, (_, i) => `name-${i}`);
  const suggest = suggestions(many);
  const said = Array.from({ length: 5 }, () => suggest("nmae-7"));
  expect(said[0]).toBe('did you mean "name-7"?');
  expect(said[4]).toMatch(/^known: name-0, .* and 29988 more$/);
});
