import type { Dice } from "./dice";

/** What generated intents match on. Few values, close to one another, so that requests hit and just miss them. */

export const PREFIXES = ["/api", "/api/v1", "/cart", "/cart/items", "/a"] as const;
export const EXACT_PATHS = ["/api", "/api/v1/users", "/cart/items", "/health", "/"] as const;
export const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD"] as const;
export const HEADERS = ["end-user", "x-tester", "x-version"] as const;
export const VALUES = ["jason", "jane", "v2", "1"] as const;
export const PARAMETERS = ["debug", "user", "page"] as const;
export const COOKIES = ["user", "session"] as const;

/** Regular expressions with texts that they match whole, and texts that they just do not. */
export const PATH_REGEXES: readonly Example[] = [
  { regex: "/v[0-9]+/.*", hits: ["/v1/users", "/v22/"], misses: ["/v/users", "/v1", "/api/v1/users"] },
  { regex: "/api/(users|items)", hits: ["/api/users", "/api/items"], misses: ["/api/user", "/api/users/1"] },
  {
    regex: "/cart/[^/]+/lines?",
    hits: ["/cart/7/line", "/cart/a/lines"],
    misses: ["/cart//line", "/cart/a/b/line"],
  },
];
export const VALUE_REGEXES: readonly Example[] = [
  { regex: "ja.*", hits: ["jason", "ja"], misses: ["ninja", "Jason"] },
  { regex: "[a-z]+", hits: ["jane", "x"], misses: ["jane1", "Jane"] },
  { regex: "v[12]|beta", hits: ["v1", "beta"], misses: ["v3", "xv1", "beta2"] },
];

export interface Example {
  readonly regex: string;
  readonly hits: readonly string[];
  readonly misses: readonly string[];
}

/** A text that the expression matches whole, or one that it just does not. */
export function textFor(regex: string, hit: boolean, dice: Dice): string {
  return dice.pick(hit ? hitsOf(regex) : missesOf(regex));
}

/** Texts that the expression matches whole. */
export function hitsOf(regex: string): readonly string[] {
  return exampleOf(regex)?.hits ?? [regex];
}

/** Texts that it just does not. */
export function missesOf(regex: string): readonly string[] {
  return exampleOf(regex)?.misses ?? [`${regex}x`];
}

function exampleOf(regex: string): Example | undefined {
  return [...PATH_REGEXES, ...VALUE_REGEXES].find((e) => e.regex === regex);
}

/** The public half of a pair made for this file, whose other half nobody kept. */
export const NOBODYS_KEYS = JSON.stringify({
  keys: [
    {
      kty: "EC",
      crv: "P-256",
      kid: "nobody",
      alg: "ES256",
      use: "sig",
      x: "fpsXfTbs2VchWJckT98Odk8zpFGEo-LuY-atYRqicA8",
      y: "RtRLqNwH247iDj6jrp0E6I0QDZYDw31GHvHNxe2xbvA",
    },
  ],
});
