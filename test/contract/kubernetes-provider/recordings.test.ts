import { normal, byResource, messages } from "./support/normalise";
import { describeUnless, describeWith, startTestCluster, type TestCluster } from "./support/cluster";
import { Project, type Run, type State } from "./support/engine";
import { readCalls, recordedText, RECORDINGS, recordingsMissing, type Call } from "./support/recordings";
import { join } from "node:path";

const NAMED = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "named" };
const WAITED = { ...NAMED, name: "waited" };
const UP = ["up", "--yes", "--skip-preview"];
const IMPORT = [
  "import",
  "kubernetes:core/v1:ConfigMap",
  "adopted",
  "shop/adopted",
  "--yes",
  "--protect=false",
];
const REFRESH = ["refresh", "--yes", "--skip-preview"];

type Preparation = (cluster: TestCluster) => Promise<unknown>;

/** One recorded operation: what is done to the cluster first, the program's step, and the command. */
interface Operation {
  readonly recording: string;
  readonly step: string;
  readonly command: readonly string[];
  readonly before?: Preparation;
  /** Names the file of the exported state, where there is one. */
  readonly state?: string;
}

const OPERATIONS: readonly Operation[] = [
  { recording: "01-preview-create", step: "create", command: ["preview", "--json"] },
  { recording: "02-create", step: "create", command: UP, state: "02-create.state.json" },
  { recording: "03-noop", step: "create", command: UP },
  { recording: "04-refresh-clean", step: "create", command: REFRESH },
  { recording: "05-refresh-drift", step: "create", command: REFRESH, before: drift },
  { recording: "06-repair", step: "create", command: UP },
  { recording: "07-preview-update", step: "update", command: ["preview", "--diff"] },
  { recording: "08-update", step: "update", command: UP, state: "08-update.state.json" },
  { recording: "09-back", step: "create", command: UP },
  { recording: "10-replace", step: "replace", command: UP },
  {
    recording: "11-refused",
    step: "refused",
    command: UP,
    before: beside({ method: "PATCH", path: "/widgets/" }, { method: "DELETE", path: "/deployments/" }),
  },
  {
    recording: "12-exists",
    step: "exists",
    command: UP,
    before: beside({ method: "POST", path: "/configmaps" }, { method: "POST", path: "/deployments" }),
  },
  { recording: "13-upsert", step: "upsert", command: UP },
  { recording: "14-await-timeout", step: "noname", command: UP },
  { recording: "15-import", step: "noname", command: IMPORT, before: foreign },
  { recording: "16-destroy", step: "noname", command: ["destroy", "--yes", "--skip-preview"] },
];

async function drift({ client }: TestCluster): Promise<void> {
  await client.mergePatch(NAMED, { data: { a: "drifted" } }, { fieldManager: "kubectl-patch" });
  await client.delete(WAITED, { propagation: "Background" });
}

/**
 * Lets a refused request come just when the Deployment's has begun, as it had in the recording: after its first
 * failure the engine begins nothing more.
 */
function beside(refused: Match, begun: Match): Preparation {
  return ({ proxy }) => {
    proxy.seen.length = 0;
    proxy.meddlings.push({ ...refused, after: begun, times: 1 }, { ...begun, delay: 2000, times: 1 });
    return Promise.resolve();
  };
}

interface Match {
  readonly method: string;
  readonly path: string;
}

async function foreign({ client }: TestCluster): Promise<void> {
  const adopted = { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "shop", name: "adopted" } };
  await client.create({ ...adopted, data: { a: "b" } }, { fieldManager: "kubectl-create" });
}

describeUnless(recordingsMissing, "against the recordings of the official plugin", () => {
  describeWith(["pulumi", "pulumi-language-nodejs"], "the provider does the same", () => {
    let cluster: TestCluster;
    let project: Project;
    const runs = new Map<string, { run: Run; state: State | undefined }>();

    beforeAll(async () => {
      cluster = await startTestCluster();
      project = new Project("rec", recordedText("program.js"), {
        REC_KUBECONFIG: cluster.kubeconfig,
        KUBECONFIG: cluster.kubeconfig,
      });
      await project.init({ step: "create" });
    });
    afterAll(async () => {
      project.remove();
      await cluster.remove();
    });

    describe.each(OPERATIONS)("$recording", (operation) => {
      beforeAll(async () => {
        await project.configure({ step: operation.step });
        await operation.before?.(cluster);
        const run = await project.pulumi(...operation.command);
        runs.set(operation.recording, { run, state: operation.state ? await project.state() : undefined });
      });
      const done = () => {
        const result = runs.get(operation.recording);
        if (!result) throw new Error("the operation did not run");
        return result;
      };
      const recorded = () => byResource(readCalls(join(RECORDINGS, `${operation.recording}.grpc.jsonl`)));

      test("requests", () =>
        expect(parts(byResource(done().run.calls), request)).toEqual(parts(recorded(), request)));
      test("responses", () =>
        expect(parts(byResource(done().run.calls), response)).toEqual(parts(recorded(), response)));
      if (operation.recording !== "01-preview-create") {
        test("messages", () =>
          expect(messages(done().run.log)).toEqual(messages(recordedText(`${operation.recording}.log`))));
      }
      if (operation.state) {
        test("state", () =>
          expect(resources(done().state)).toEqual(
            resources(JSON.parse(recordedText(operation.state ?? "")) as State),
          ));
      }
    });
  });
});

function parts(calls: ReadonlyMap<string, Call>, part: (call: Call) => unknown): Record<string, unknown> {
  return Object.fromEntries([...calls].map(([key, call]) => [key, normal(part(call))]));
}

const request = (call: Call): unknown => call.request;
const response = (call: Call): unknown => (call.errors.length > 0 ? call.errors : call.response);

/** The state's resources by URN, without where in the program they stand. */
function resources(state: State | undefined): Record<string, unknown> {
  const all = state?.deployment.resources ?? [];
  const placeless = (resource: object) =>
    Object.fromEntries(
      Object.entries(resource).filter(([key]) => key !== "sourcePosition" && key !== "stackTrace"),
    );
  return Object.fromEntries(all.map((resource) => [resource.urn, normal(placeless(resource))]));
}
