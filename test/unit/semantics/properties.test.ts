import fc from "fast-check";
import type { Intent } from "../../../mesh/intent";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import { answers, outcome, type Outcome, type Request, type Verdict } from "../../../mesh/semantics";
import { Dice, intents, requestFor } from "../../support/intents";
import { valid } from "../mesh/intents";

/** An intent as written, and some requests near it. */
const cases = fc.tuple(intents(), fc.nat()).map(([{ intent }, seed]) => {
  const normalized = valid(intent);
  const dice = new Dice(seed);
  return { intent, normalized, requests: Array.from({ length: 8 }, () => requestFor(normalized, dice)) };
});

const RUNS = { numRuns: 150, seed: 20 };

/** The same without where things were written. */
function apartFromPlaces(result: Outcome): unknown {
  return JSON.parse(
    JSON.stringify(result, (key, value: unknown) =>
      key === "because" || key === "audited" ? undefined : value,
    ),
  );
}

function holds(
  check: (c: { intent: Intent; normalized: NormalizedIntent; requests: Request[] }) => void,
): void {
  fc.assert(fc.property(cases, check), RUNS);
}

test("probabilities sum to 1, and none is negative", () => {
  holds(({ normalized, requests }) => {
    for (const request of requests) {
      const result = outcome(normalized, request);
      const all = answers(result);
      if (result.kind === "passed" || result.kind === "undecided") continue;
      expect(all.every(({ share }) => share >= 0 && share <= 1)).toBe(true);
      expect(all.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      if (result.kind !== "forwarded") continue;
      expect(result.backends.every(({ share }) => share > 0)).toBe(true);
      expect(result.backends.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }
  });
});

test("the order in which an intent is written does not matter", () => {
  holds(({ intent, normalized, requests }) => {
    const dice = new Dice(requests.length);
    const written = (text: unknown): unknown => {
      if (Array.isArray(text)) return text.map(written);
      if (typeof text !== "object" || text === null) return text;
      return Object.fromEntries(
        dice.shuffled(Object.entries(text)).map(([key, value]) => [key, written(value)]),
      );
    };
    const other = written(intent) as Intent;
    const shuffled = valid({
      ...other,
      routes: dice.shuffled(other.routes ?? []),
      access: dice.shuffled(other.access ?? []),
    });
    for (const request of requests) {
      expect(apartFromPlaces(outcome(shuffled, request))).toEqual(
        apartFromPlaces(outcome(normalized, request)),
      );
    }
  });
});

test("nor does the order within a normalized intent", () => {
  holds(({ normalized, requests }) => {
    const dice = new Dice(requests.length);
    const shuffled: NormalizedIntent = {
      ...normalized,
      services: dice.shuffled(normalized.services),
      routes: dice.shuffled(normalized.routes).map(
        (route) =>
          ({
            ...route,
            rules: route.rules.map((rule) => ({ ...rule, backends: dice.shuffled(rule.backends) })),
          }) as typeof route,
      ),
      access: dice.shuffled(normalized.access),
      gateways: dice.shuffled(normalized.gateways),
      jwtProviders: dice.shuffled(normalized.jwtProviders),
    };
    for (const request of requests) {
      expect(apartFromPlaces(outcome(shuffled, request))).toEqual(
        apartFromPlaces(outcome(normalized, request)),
      );
    }
  });
});

/** Every verdict on the way, by where it is given. */
function verdicts(result: Outcome): Map<string, Verdict["admitted"]> {
  const at = ({ service, version = "", port }: { service: string; version?: string; port: number }): string =>
    `${service} ${version} ${port}`;
  const treatment = "treatment" in result ? result.treatment : undefined;
  return new Map([
    ...(result.kind === "forwarded" ? result.backends.map((b) => [at(b), b.verdict.admitted] as const) : []),
    ...(treatment?.mirrors.map((m) => [`mirror ${at(m)}`, m.verdict.admitted] as const) ?? []),
  ]);
}

test("a deny more never lets more through", () => {
  fc.assert(
    fc.property(cases, fc.nat(), ({ intent, normalized, requests }, seed) => {
      const dice = new Dice(seed);
      const service = dice.pick(normalized.services.map((s) => s.key));
      const from = dice.pick([
        {},
        { from: [{ namespace: "ops" }] },
        { from: [{ ipBlocks: ["10.0.0.0/8"] }] },
      ]);
      const more = valid({
        ...intent,
        access: [...(intent.access ?? []), { to: { service }, action: "deny", ...from }],
      });
      for (const request of requests) {
        const before = outcome(normalized, request);
        const after = outcome(more, request);
        if (before.kind === "denied") expect(after.kind).toBe("denied");
        for (const [place, admitted] of verdicts(after)) {
          if (admitted && before.kind === "forwarded") expect(verdicts(before).get(place)).toBe(true);
        }
        // Whom it names is kept out of the service.
        if (Object.keys(from).length === 0) {
          expect(
            [...verdicts(after)].filter(([place, admitted]) => admitted && place.includes(`${service} `)),
          ).toEqual([]);
        }
      }
    }),
    RUNS,
  );
});

test("an allow for a service that a request does not reach changes nothing for it", () => {
  holds(({ intent, normalized, requests }) => {
    const stranger = { "extra/stranger": { serviceAccount: "stranger", ports: [{ port: 80 }] } };
    const more = valid({
      ...intent,
      services: { ...intent.services, ...stranger },
      access: [...(intent.access ?? []), { to: { service: "extra/stranger" }, action: "allow" }],
    });
    for (const request of requests) expect(outcome(more, request)).toEqual(outcome(normalized, request));
  });
});

test("an audit more changes nothing but what is told of it", () => {
  holds(({ intent, normalized, requests }) => {
    const audits = normalized.services.map(({ key }) => ({ to: { service: key }, action: "audit" as const }));
    const more = valid({ ...intent, access: [...(intent.access ?? []), ...audits] });
    for (const request of requests) {
      expect(apartFromPlaces(outcome(more, request))).toEqual(apartFromPlaces(outcome(normalized, request)));
    }
  });
});

test("strict instead of permissive never lets more through", () => {
  holds(({ intent, normalized, requests }) => {
    const strict = valid({ ...intent, mtls: { ...intent.mtls, overrides: [], mode: "strict" } });
    for (const request of requests) {
      const before = outcome(normalized, request);
      const after = outcome(strict, request);
      if (after.kind !== "refused" || after.reason !== "mtls")
        expect(apartFromPlaces(after)).toEqual(apartFromPlaces(before));
      if (request.from.kind === "unmeshed" && request.to.kind === "service")
        expect(after.kind).toBe("refused");
    }
  });
});

test("what decided is always something that is written, or a default", () => {
  holds(({ intent, normalized, requests }) => {
    const written = (path: readonly (string | number)[]): boolean => {
      let value: unknown = intent;
      for (const part of path) value = (value as Record<string | number, unknown> | undefined)?.[part];
      return value !== undefined;
    };
    const defaults = ["mtls.mode", "authorization.default", "egress.default"];
    for (const request of requests) {
      for (const path of outcome(normalized, request).because) {
        if (!defaults.includes(path.join("."))) expect([path, written(path)]).toEqual([path, true]);
      }
    }
  });
});
