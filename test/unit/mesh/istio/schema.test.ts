import type { Json } from "../../../../lib";
import type { KubeObject } from "../../../../mesh/plan/types";
import { checkAgainstCrds, whereCrdsAre } from "../../../support/crds";

whereCrdsAre("Istio's own schemas", () => {
  test("refuse what is misspelled, mistyped, or two things at once", () => {
    const route = (spec: Json): KubeObject => ({
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "x" },
      spec,
    });
    expect(checkAgainstCrds([route({ hosts: "x" })])).toEqual([
      "VirtualService x: expected a list, found a string (at spec.hosts)",
    ]);
    expect(checkAgainstCrds([route({ hosts: ["x"], htpp: [] })])).toEqual([
      'VirtualService x: unknown field "htpp" (at spec.htpp)',
    ]);
    expect(
      checkAgainstCrds([route({ http: [{ match: [{ uri: { exact: "/a", prefix: "/b" } }] }] })]),
    ).not.toEqual([]);
    const peer: KubeObject = {
      ...route({ mtls: { mode: "Strict" } }),
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
    };
    expect(checkAgainstCrds([peer])).toEqual([
      'PeerAuthentication x: "Strict" is none of "UNSET", "DISABLE", "PERMISSIVE", "STRICT" (at spec.mtls.mode)',
    ]);
  });
});
