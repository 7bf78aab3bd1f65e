import { re2 } from "../../../lib/re2";

/** Whether the expression matches the whole text. */
function matches(source: string, text: string): boolean {
  const test = re2(source);
  if (test === undefined) throw new Error(`not RE2: ${source}`);
  return test(text);
}

test.each<[string, string[], string[]]>([
  ["abc", ["abc"], ["", "ab", "abcd", "xabc"]],
  ["", [""], ["a"]],
  ["a|bc|", ["a", "bc", ""], ["b", "abc"]],
  ["a*b+c?", ["b", "aabbc", "bc"], ["a", "c", "abcc"]],
  ["a{2}b{1,}c{0,2}", ["aab", "aabbcc"], ["ab", "aa", "aabccc"]],
  ["a{,2}", ["a{,2}"], ["", "aa"]],
  ["(ab)+(?:c|d)*?", ["ab", "ababcd"], ["abc1", "aba"]],
  ["(?P<year>\\d{4})-(?<month>\\d\\d)", ["2026-11"], ["2026-1", "x"]],
  ["[a-c0-]+", ["abc", "0-"], ["d", ""]],
  ["[^a-c]", ["d", "\n"], ["a", "dd"]],
  ["[]a]+|[^]a]", ["]a", "b"], [")a"]],
  ["[[:alpha:]]+[[:^digit:]][\\d_]", ["ab_1", "abc_"], ["a11"]],
  [".", ["a", "é", "𝄞"], ["\n", "ab"]],
  ["(?s).", ["\n"], []],
  ["(?i)jason|[X-Z]", ["JaSoN", "y"], ["w"]],
  ["(?i:a)b", ["Ab", "ab"], ["AB"]],
  ["a(?i)b(?-i)c", ["aBc"], ["ABc", "aBC"]],
  ["^a$|\\Ab\\z", ["a", "b"], ["ab"]],
  ["(?m)a$\\n^b", ["a\nb"], ["a b"]],
  ["a\\b-\\Bb?", ["a-"], ["a-b", "a"]],
  ["\\w+\\s\\S\\W\\D", ["a_1 x.y"], ["a x.1"]],
  ["\\.\\*\\_\\x41\\x{1D11E}\\101\\t", [".*_A𝄞A\t"], []],
  ["\\Qa.b*\\E+", ["a.b*", "a.b**"], ["axb", "a.ba.b*"]],
  ["\\pL\\p{Lu}\\P{Greek}\\p{^N}", ["éAxx"], ["éaxx", "éAΣx", "éAx1"]],
  ["ja.*", ["jason", "ja"], ["ninja"]],
])("%s", (source, hits, misses) => {
  expect(hits.filter((text) => !matches(source, text))).toEqual([]);
  expect(misses.filter((text) => matches(source, text))).toEqual([]);
});

test.each([
  ["look-around", ["(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?>a)"]],
  ["references back", ["(a)\\1", "(?P<n>a)\\k<n>"]],
  ["repetitions of nothing or of repetitions", ["*", "a|+", "{2}", "a**", "a*+", "a{2}{3}"]],
  ["repetitions without measure", ["a{1001}", "a{3,2}", "(a{100}){11}", "((a{500}b*){2}){2}"]],
  ["what is left open", ["(", "(a", "a)", "[", "[a", "[]", "\\", "\\Q[".slice(0, 1)]],
  ["ranges and classes that are none", ["[b-a]", "[a-\\d]", "[[:foo:]]", "\\p{Nope}", "\\x{110000}", "\\xZ"]],
  ["escapes that mean nothing", ["\\q", "\\8", "\\1", "\\é"]],
  ["groups with one name", ["(?P<a>x)(?P<a>y)"]],
  ["flags that are none", ["(?x)a", "(?)", "(?-)"]],
])("refuses %s", (_, sources) => {
  expect(sources.filter((source) => re2(source) !== undefined)).toEqual([]);
});

test("takes time with the length of the text, whatever the expression", () => {
  const text = `${"a".repeat(20_000)}!`;
  for (const source of ["(a+)+", "(a|a)*", "(.*)*x", "((((a*)*)*)*)*", "(a|aa)+", "(a?){500}a{500}"]) {
    expect(matches(source, source.startsWith("(a?)") ? `${"a".repeat(499)}` : text)).toBe(false);
  }
});

test("nests deep without growing", () => {
  expect(matches(`${"(".repeat(150)}a+${")+".repeat(150)}`, "aaa")).toBe(true);
  expect(re2("(".repeat(5000))).toBeUndefined();
  expect(re2(`${"(".repeat(300)}a${")".repeat(300)}`)).toBeUndefined();
  expect(re2("(abcdefghij){1000}".repeat(20))).toBeUndefined();
});
