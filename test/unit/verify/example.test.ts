import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { embed } from "../../../examples/bookinfo/app/embed";

const sample = join(__dirname, "..", "..", "..", "examples", "bookinfo");
const workloads = readFileSync(join(sample, "workloads.yaml"), "utf8");
const program = readFileSync(join(sample, "app", "server.js"), "utf8");

interface Container {
  readonly securityContext?: unknown;
  readonly resources?: { readonly requests?: unknown };
  readonly readinessProbe?: unknown;
}
interface Doc {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: { readonly [key: string]: string };
  readonly spec?: {
    readonly template?: {
      readonly spec: { readonly securityContext: unknown; readonly containers: Container[] };
    };
  };
}
const docs = parseAllDocuments(workloads).map((d) => d.toJS() as Doc);

test("the ConfigMap holds the program as it is in app/server.js", () => {
  const held = docs.find((d) => d.kind === "ConfigMap")?.data?.["server.js"];
  expect(held).toBe(program);
  expect(embed(workloads, program)).toBe(workloads);
});

test("embedding a changed program changes the ConfigMap alone", () => {
  const changed = embed(workloads, `${program}// more\n`);
  const [configMap, ...rest] = parseAllDocuments(changed).map((d) => d.toJS() as Doc);
  expect(configMap?.data?.["server.js"]).toBe(`${program}// more\n`);
  expect(rest).toEqual(docs.slice(1));
});

test("every pod meets the restricted Pod Security Standard and has a probe and requests", () => {
  const pods = docs.flatMap((d) =>
    d.kind === "Deployment" && d.spec?.template ? [d.spec.template.spec] : [],
  );
  expect(pods).toHaveLength(6);
  for (const pod of pods) {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const container of pod.containers) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources?.requests).toBeDefined();
      expect(container.readinessProbe).toBeDefined();
    }
  }
});
