import { complaints, shop } from "../intents";

test("versions without labels, or with those of another version, cannot be told apart", () => {
  const intent = shop();
  const versions = {
    a: {},
    b: { labels: {} },
    c: { labels: { version: "c", x: "1" } },
    d: { labels: { x: "1", version: "c" } },
  };
  expect(
    complaints({
      ...intent,
      services: { ...intent.services, "shop/x": { serviceAccount: "x", ports: [{ port: 80 }], versions } },
    }),
  ).toEqual([
    'version-labels at services["shop/x"].versions.a',
    'version-labels at services["shop/x"].versions.b',
    'version-labels at services["shop/x"].versions.d',
  ]);
});
