import { found } from "../../../../lib";
import { configureMesh } from "../../../../mesh";
import { inShort } from "../intents";

const faults = (options: object): string[] =>
  found(configureMesh({ kind: "consul", ...options }, ["mesh"])).map(inShort);

test("every form of its own configures", () => {
  expect(faults({})).toEqual([]);
  expect(faults({ platform: "agents", datacenter: "west" })).toEqual([]);
});

test.each([
  [{ version: "1.22.3" }, "unknown-version at mesh.version"],
  [{ version: "2.0" }, "unknown-version at mesh.version"],
  [{ platform: "nomad" }, "unknown-value at mesh.platform"],
  [{ servers: 2 }, "out-of-range at mesh.servers"],
  [{ servers: 9 }, "out-of-range at mesh.servers"],
  [{ charts: { kind: "oci" } }, "misplaced-key at mesh.charts"],
  [
    { charts: { kind: "repository", url: "https://me:secret@charts.example" } },
    "bad-address at mesh.charts.url",
  ],
  [{ images: { consul: "a b" } }, "bad-image at mesh.images.consul"],
  [{ resources: { proxy: { limits: { cpu: "lots" } } } }, "bad-quantity at mesh.resources.proxy.limits.cpu"],
  [{ enterprise: true }, "unknown-key at mesh.enterprise"],
])("%j is refused", (options, fault) => {
  expect(faults(options)).toEqual([fault]);
});

test("an address's password is not repeated", () => {
  const said = found(
    configureMesh({ kind: "consul", charts: { kind: "repository", url: "https://me:secret@x" } }),
  );
  expect(JSON.stringify(said)).not.toContain("secret");
});
