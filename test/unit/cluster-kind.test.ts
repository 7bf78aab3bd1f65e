import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend, createKindCluster, deleteKindCluster } from "../../embedded/cluster/kind";
import { local } from "../../providers/local";

// kind itself needs Docker: these stand-ins write down how they were called, and answer as the real ones do.
const folder = mkdtempSync(join(tmpdir(), "meshwright-kind-"));
const bin = join(folder, "bin");
const calls = join(folder, "calls");
const outside = { path: process.env["PATH"], home: process.env["MESHWRIGHT_HOME"] };

function program(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> ${calls}\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

const DOCKER = `case "$*" in
  *State.Running*) test -f ${folder}/stopped && echo false || echo true;;
  inspect*) echo kindest/node:v1.34.2@sha256:abc;;
  start*) rm -f ${folder}/stopped;;
esac`;
const KIND = `case "$1" in
  get) test -f ${folder}/made && cat ${folder}/made; exit 0;;
  create|export) test "$1" = create && cat > ${folder}/config && echo "$4" > ${folder}/made
    echo "Preparing nodes" >&2
    while [ $# -gt 0 ]; do if [ "$1" = --kubeconfig ]; then echo "    server: https://127.0.0.1:45678" > "$2"; fi; shift; done;;
  delete) rm -f ${folder}/made;;
esac`;

beforeEach(() => {
  rmSync(bin, { recursive: true, force: true });
  rmSync(calls, { force: true });
  mkdirSync(bin);
  process.env["PATH"] = `${bin}:/usr/bin:/bin`;
  process.env["MESHWRIGHT_HOME"] = join(folder, "home");
});

afterAll(() => {
  process.env["PATH"] = outside.path;
  if (outside.home === undefined) delete process.env["MESHWRIGHT_HOME"];
  else process.env["MESHWRIGHT_HOME"] = outside.home;
  rmSync(folder, { recursive: true });
});

test("kind is chosen where Docker answers and kind is there, and not otherwise", () => {
  process.env["PATH"] = bin;
  expect(chooseBackend("demo")).toBe("embedded");
  process.env["PATH"] = `${bin}:/usr/bin:/bin`;
  program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
  program("kind", KIND);
  expect(chooseBackend("demo")).toBe("embedded");
  program("docker", DOCKER);
  expect(chooseBackend("demo")).toBe("kind");
  rmSync(join(bin, "kind"));
  process.env["PATH"] = bin;
  expect(chooseBackend("demo")).toBe("embedded");
});

test("a cluster is made once, described, and removed", async () => {
  program("docker", DOCKER);
  program("kind", KIND);
  const told: string[] = [];
  const made = await createKindCluster("demo", (line) => told.push(line));
  const kubeconfig = join(folder, "home/clusters/demo/kubeconfig");
  expect(made).toEqual({
    name: "demo",
    backend: "kind",
    kubernetesVersion: "1.34.2",
    server: "https://127.0.0.1:45678",
    kubeconfig,
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
  });
  expect(told).toEqual(["Preparing nodes"]);
  expect(readFileSync(join(folder, "config"), "utf8")).toContain("podSubnet: 10.244.0.0/16\n");
  expect(statSync(join(folder, "home/clusters/demo")).mode & 0o077).toBe(0);
  expect(await createKindCluster("demo", () => undefined)).toEqual(made);
  await deleteKindCluster("demo", () => undefined);
  expect(existsSync(join(folder, "home/clusters/demo"))).toBe(false);
  const said = readFileSync(calls, "utf8").split("\n");
  const target = `--name meshwright-demo --kubeconfig ${kubeconfig}`;
  expect(said.filter((line) => line.startsWith("kind create"))).toEqual([
    `kind create cluster ${target} --wait 120s --config -`,
  ]);
  expect(said).toContain(`kind export kubeconfig ${target}`);
  expect(said).toContain(`kind delete cluster ${target}`);
});

test("a failure of kind is told with its own words", async () => {
  program("docker", DOCKER);
  program("kind", `test "$1" = get || { echo "ERROR: port is already allocated" >&2; exit 1; }`);
  await expect(createKindCluster("other", () => undefined)).rejects.toThrow(
    /kind create cluster .* failed \(exit code 1\):\nERROR: port is already allocated/,
  );
});

test("a local cluster is one of kind where that is there: made, found, started again, removed", async () => {
  program("docker", DOCKER);
  program("kind", KIND);
  const machine = local.machine?.({});
  expect(machine?.tools).toEqual([]);
  expect(local.configure({}, [])).toMatchObject({
    ok: false,
    diagnostics: [{ code: "cluster-not-running", message: 'there is no cluster "local" on this machine' }],
  });
  await machine?.start(() => undefined);
  const there = {
    ok: true,
    value: {
      features: { proxy: "mesh", kubernetesVersion: "1.34.2", webhooks: { kind: "service" } },
      access: { kind: "kubeconfig", context: "kind-meshwright-local" },
      disposable: true,
    },
  };
  expect(local.configure({}, [])).toMatchObject(there);
  writeFileSync(join(folder, "stopped"), "");
  expect(local.configure({}, [])).toMatchObject({
    ok: false,
    diagnostics: [{ code: "cluster-not-running", message: "the kind cluster meshwright-local is stopped" }],
  });
  await local.machine?.({}).start(() => undefined);
  expect(local.configure({}, [])).toMatchObject(there);
  rmSync(join(bin, "docker")); // what is there already is not forgotten when Docker does not answer
  expect(chooseBackend("local")).toBe("kind");
  program("docker", DOCKER);
  await local.machine?.({}).remove(() => undefined);
  expect(existsSync(join(folder, "home/clusters/local"))).toBe(false);
});

test("an embedded cluster can be asked for where kind is there, and a data plane asks for one", () => {
  program("docker", DOCKER);
  program("kind", KIND);
  expect(local.machine?.({ backend: "embedded" }).tools).not.toEqual([]);
  expect(local.machine?.({ dataPlane: "host" }).tools).not.toEqual([]);
  expect(local.configure({ backend: "kind", dataPlane: "host" }, ["cluster"])).toMatchObject({
    ok: false,
    diagnostics: [{ code: "conflict", path: ["cluster", "dataPlane"] }, {}],
  });
});
