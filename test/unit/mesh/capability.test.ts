import { formatPath } from "../../../lib";
import { catalogue, requiredBy } from "../../../mesh/capability/catalogue";
import { capabilityIds } from "../../../mesh/capability/ids";
import { leaveOut } from "../../../mesh/capability/leave-out";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import { everything, otherwise } from "./everything";
import { shop, valid } from "./intents";

const all = valid(everything());

function asked(intent: NormalizedIntent): string[] {
  return requiredBy(intent).map(({ capability, at }) => `${capability} at ${formatPath(at)}`);
}

test("the catalogue has every capability once, each said in full", () => {
  expect(catalogue.map(({ id }) => id)).toEqual([...capabilityIds]);
  for (const { title, definition, link } of catalogue) {
    expect(title).toMatch(/^\S.*[^.]$/);
    expect(definition).toMatch(/^([A-Z]|gRPC).*\.$/);
    expect(link).toMatch(/^https:\/\/\S+$/);
  }
  expect(new Set(catalogue.map(({ title }) => title)).size).toBe(capabilityIds.length);
});

test("every capability is asked for by some intent", () => {
  const found = new Set(
    [all, ...otherwise.map(valid)].flatMap(requiredBy).map(({ capability }) => capability),
  );
  expect(capabilityIds.filter((id) => !found.has(id))).toEqual([]);
});

test("an empty intent asks for what its defaults say and nothing else", () => {
  expect(asked(valid({}))).toEqual([
    "mtls.strict at mtls.mode",
    "authorization.defaultDeny at authorization.default",
  ]);
});

test("uses stand at the very fields that ask", () => {
  const places = asked(all);
  expect(places).toEqual(
    expect.arrayContaining([
      "route.grpc at routes[1].kind",
      "match.method at routes[0].rules[0].match[0].method",
      "match.cookie at routes[0].rules[0].match[2].cookies",
      "retry.statusCodes at routes[0].rules[0].retry.on",
      "mirror.percent at routes[0].rules[0].mirror",
      "redirect.path.prefix at routes[0].rules[3].redirect.prefix",
      'traffic.rateLimit.global at services["shop/cart"].traffic.rateLimit',
      "mtls.override.port at mtls.overrides[2].port",
      "access.from.ipBlocks at access[0].from[4].ipBlocks",
      "gateway.tls at gateways.edge.listeners[2].protocol",
      "egress.external.wildcard at egress.external.amazon.hosts",
      "rollout.blueGreen at rollouts[1].strategy",
    ]),
  );
  expect(places.filter((place) => place.startsWith("match.path.prefix"))).toEqual([
    "match.path.prefix at routes[0].rules[0].match[2].path",
    "match.path.prefix at routes[0].rules[1].match[0].path",
    "match.path.prefix at routes[0].rules[3].match[0].path",
  ]);
});

test("a match of every path asks for no prefix", () => {
  const places = asked(valid(shop()));
  expect(places.filter((place) => place.startsWith("match."))).toEqual([]);
  expect(places).toContain("backend.split at routes[0].rules[0].backends");
});

const removable = catalogue.flatMap(({ id, uses }) =>
  uses(all).flatMap(({ at, without }) =>
    without === undefined ? [] : [{ id, place: formatPath(at), without }],
  ),
);

test.each(removable)(
  "$id at $place can be left out, and only what lies there with it",
  ({ id, place, without }) => {
    const before = asked(all);
    const after = asked(leaveOut(all, [without]));
    expect(after).not.toContain(`${id} at ${place}`);
    expect(after.filter((use) => !before.includes(use))).toEqual([]);
    const lost = before
      .filter((use) => !after.includes(use))
      .map((use) => use.slice(use.indexOf(" at ") + 4));
    expect(lost.filter((at) => !at.startsWith(place))).toEqual([]);
  },
);

test("what can be left out is what leaves requests going where they went", () => {
  const ids = new Set<string>(removable.map(({ id }) => id));
  expect(catalogue.filter(({ security, id }) => security && ids.has(id))).toEqual([]);
  expect(
    [...ids].filter((id) => /^(route|match|backend|rewrite|redirect|gateway|egress)\b/.test(id)),
  ).toEqual([]);
  expect(ids.size).toBe(33);
});

test("many things are left out at once", () => {
  const left = leaveOut(
    all,
    removable.map(({ without }) => without),
  );
  const still = new Set<string>(requiredBy(left).map(({ capability }) => capability));
  expect(removable.filter(({ id }) => still.has(id))).toEqual([]);
});
