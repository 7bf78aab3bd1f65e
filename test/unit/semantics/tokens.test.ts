import type { Intent } from "../../../mesh/intent";
import { ask, short, world, type Ask } from "./ask";

type Access = NonNullable<Intent["access"]>[number];

const OK = "shop/cart:80";

const entry = (action: Access["action"], rest: Partial<Access> = {}): Access => ({
  to: { service: "shop/cart" },
  action,
  ...rest,
});

const judged = (access: readonly Access[], asked: Ask, extra: Intent): string =>
  short(ask(world({ ...extra, access: [...access] }), asked));

describe("tokens", () => {
  const jwks = '{"keys":[{"kty":"EC"}]}';
  const provider = { issuer: "https://login.example.com", jwks, audiences: ["shop"] };
  const jwtProviders = { login: provider, other: { issuer: "https://other.example.com", jwks } };
  const valid = { provider: "login", validity: "valid" as const, claims: {} };
  const jwt = { provider: "login" };
  const staff = { provider: "login", claims: { groups: ["staff", "admin"] } };
  test.each<[string, Access[], Ask["token"], string]>([
    ["a valid one", [entry("allow", { jwt })], valid, OK],
    ["none where one is needed", [entry("allow", { jwt })], undefined, "denied 403 not-allowed"],
    ["none where none is needed", [entry("deny", { jwt })], undefined, OK],
    ["a bad one", [entry("allow", { jwt })], { ...valid, validity: "invalid" }, "denied 401 token"],
    [
      "a bad one, though another allow needs none",
      [entry("allow", { jwt }), entry("allow")],
      { ...valid, validity: "invalid" },
      "denied 401 token",
    ],
    [
      "one for somebody else",
      [entry("allow", { jwt })],
      { ...valid, validity: "wrong-audience" },
      "denied 403 token",
    ],
    ["a stranger's", [entry("allow", { jwt })], { ...valid, provider: "stranger" }, "denied 401 token"],
    [
      "one of a provider that the service does not ask",
      [entry("allow", { jwt })],
      { ...valid, provider: "other" },
      "denied 401 token",
    ],
    ["a bad one where nobody looks", [entry("allow")], { ...valid, validity: "invalid" }, OK],
    ["an audit does not look", [entry("audit", { jwt })], { ...valid, validity: "invalid" }, OK],
    ["a claim", [entry("allow", { jwt: staff })], { ...valid, claims: { groups: "staff" } }, OK],
    [
      "a claim that is a list",
      [entry("allow", { jwt: staff })],
      { ...valid, claims: { groups: ["x", "admin"] } },
      OK,
    ],
    [
      "another value",
      [entry("allow", { jwt: staff })],
      { ...valid, claims: { groups: "staffs" } },
      "denied 403 not-allowed",
    ],
    ["no claim", [entry("allow", { jwt: staff })], valid, "denied 403 not-allowed"],
    [
      "a text of scopes",
      [entry("allow", { jwt: { provider: "login", claims: { scope: ["read"] } } })],
      { ...valid, claims: { scope: "write read" } },
      OK,
    ],
    [
      "a deny by claim",
      [entry("deny", { jwt: staff })],
      { ...valid, claims: { groups: ["staff"] } },
      "denied 403 deny",
    ],
  ])("%s", (_, access, token, expected) => {
    expect(judged(access, token === undefined ? {} : { token }, { jwtProviders })).toBe(expected);
  });
  test("a token goes on only if it is not checked, or its provider says so", () => {
    const arrives = (forward: boolean, access: Access[]) => {
      const providers = { login: { ...provider, forward } };
      const result = ask(world({ jwtProviders: providers, access }), { token: valid });
      return result.kind === "forwarded" && result.backends[0]?.token;
    };
    expect(arrives(false, [entry("allow", { jwt })])).toBe(false);
    expect(arrives(true, [entry("allow", { jwt })])).toBe(true);
    expect(arrives(false, [entry("allow")])).toBe(true);
  });
});

describe("external authorization", () => {
  const services = {
    "shop/judge": { serviceAccount: "judge", ports: [{ port: 9000, protocol: "grpc" as const }] },
  };
  const with_ = (rest: object): Intent => ({
    services,
    externalAuthorization: [
      { name: "judge", service: "shop/judge", to: [{ service: "shop/cart" }], ...rest },
    ],
  });
  test.each<[string, object, Ask, string]>([
    ["yes", {}, { externalAuthorization: "allow" }, OK],
    ["no", {}, { externalAuthorization: "deny" }, "denied 403 external-authorization"],
    ["no answer", {}, { externalAuthorization: "unreachable" }, "denied 403 external-authorization"],
    ["no answer where that is no matter", { failOpen: true }, { externalAuthorization: "unreachable" }, OK],
    [
      "no, where it fails open",
      { failOpen: true },
      { externalAuthorization: "deny" },
      "denied 403 external-authorization",
    ],
    ["no, for another service", { to: [{ service: "shop/web" }] }, { externalAuthorization: "deny" }, OK],
    [
      "no, for another path",
      { to: [{ service: "shop/cart", operations: [{ paths: ["/a"] }] }] },
      { externalAuthorization: "deny" },
      OK,
    ],
  ])("%s", (_, rest, asked, expected) => {
    expect(judged([], asked, with_(rest))).toBe(expected);
  });
  describe("an authorizer has access rules of its own", () => {
    const shut = [{ to: { service: "shop/judge" }, action: "deny" as const }];
    const open = [
      { to: { service: "shop/judge" }, action: "allow" as const, from: [{ service: "shop/cart" }] },
    ];
    const yes: Ask = { externalAuthorization: "allow" };
    const overHttp = { protocol: "http", failOpen: true };
    const http: Intent = {
      ...with_(overHttp),
      services: { "shop/judge": { serviceAccount: "judge", ports: [{ port: 9000 }] } },
    };
    test.each<[string, Access[], Intent, string]>([
      ["it is asked by the service that the request is for", open, with_({}), OK],
      [
        "where it is not let be asked it does not answer",
        shut,
        with_({}),
        "denied 403 external-authorization",
      ],
      ["which is no matter where that fails open", shut, with_({ failOpen: true }), OK],
      ["but over HTTP it is a denial", shut, http, "denied 403 external-authorization"],
    ])("%s", (_, access, extra, expected) => {
      expect(judged(access, yes, extra)).toBe(expected);
    });
  });
});
