import { complaints, shop } from "../intents";

const login = { issuer: "https://login.example", jwksUri: "https://login.example/keys" };

test("tokens are of a provider that there is", () => {
  const access = [{ to: { service: "shop/web" }, action: "allow", jwt: { provider: "logn" } }];
  expect(complaints({ ...shop(), jwtProviders: { login }, access })).toContain(
    "unknown-jwt-provider at access[0].jwt.provider",
  );
  expect(complaints({ ...shop(), jwtProviders: { logn: login }, access })).not.toContain(
    "unknown-jwt-provider at access[0].jwt.provider",
  );
});
