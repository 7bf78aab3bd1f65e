import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { podIp, type NodeNetwork } from "../addresses";
import type { HostProgram } from "../images";
import { podFolder } from "../paths";
import { noteSelf } from "../processes";
import { keep, killContainer, runFolders } from "./container";
import type { Plane } from "./plane";
import { PodRecords } from "./records";
import { quote, type ContainerSpec } from "./root-script";
import type { PodSandbox, RunFiles } from "./types";

const LOOPBACK = "127.0.0.1";
const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

type Ports = Record<string, number>;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, LOOPBACK, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The service account's own way to the API server, with the token that is renewed in the volume. */
function kubeconfig(account: string, server: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: { server, "certificate-authority": join(account, "ca.crt") } }],
    users: [{ name: "account", user: { tokenFile: join(account, "token") } }],
    contexts: [{ name: "pod", context: { cluster: "cluster", user: "account" } }],
    "current-context": "pod",
  };
}

/** Puts links to the volumes below a folder of the container's own: the program looks for them there, by relative paths. */
function linkMounts(root: string, spec: ContainerSpec): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const { source, target } of spec.mounts) {
    const link = join(root, target);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(source, link);
  }
}

function commandLine(
  files: RunFiles,
  spec: ContainerSpec,
  config: { readonly program: HostProgram; readonly ports: Ports; readonly server: string },
): string {
  const { program, ports, server } = config;
  const file = spec.mounts.find(({ target }) => target === spec.argv[0])?.source ?? spec.argv[0] ?? "";
  const url = new URL(server);
  const access = { KUBERNETES_SERVICE_HOST: url.hostname, KUBERNETES_SERVICE_PORT: url.port };
  const env = Object.entries({ ...spec.env, ...access, ...program.env }).filter(
    ([name]) => name !== "KUBECONFIG",
  );
  const listen = Object.entries(program.portFlags).map(
    ([port, flag]) => `${flag}=${LOOPBACK}:${ports[port]}`,
  );
  const argv = [
    ...["env", "-i", ...env.map(([name, value]) => `${name}=${value}`)],
    ...[file, ...spec.argv.slice(1), ...listen, ...program.args],
    `${program.kubeconfigFlag}=${join(files.folder, "kubeconfig.json")}`,
  ];
  const pid = quote(join(files.folder, "pid"));
  return `cd ${quote(join(files.folder, "root"))}; ${noteSelf(pid)}; exec ${argv.map(quote).join(" ")}`;
}

/** Starts the pod's program at free ports, which are kept in `portsFile` for whoever asks. */
async function start(
  run: { readonly files: RunFiles; readonly portsFile: string; readonly server: string },
  spec: ContainerSpec,
  onExit: () => void,
): Promise<void> {
  const { files, server } = run;
  const program = spec.onHost;
  if (program === undefined) throw new Error("this program needs a network of its own: the data plane netns");
  const ports: Ports = {};
  for (const port of Object.keys(program.portFlags)) ports[port] = await freePort();
  writeFileSync(run.portsFile, JSON.stringify(ports));
  linkMounts(join(files.folder, "root"), spec);
  const account = spec.mounts.find(({ target }) => target === ACCOUNT)?.source ?? "";
  writeFileSync(join(files.folder, "kubeconfig.json"), JSON.stringify(kubeconfig(account, server)), {
    mode: 0o600,
  });
  const script = join(files.folder, "run.sh");
  writeFileSync(script, commandLine(files, spec, { program, ports, server }), { mode: 0o600 });
  keep(files, `sh ${quote(script)}`, onExit);
}

function sandbox(ip: string, folder: string, server: string): PodSandbox {
  const portsFile = join(folder, "ports.json");
  const ports = (): Ports =>
    existsSync(portsFile) ? (JSON.parse(readFileSync(portsFile, "utf8")) as Ports) : {};
  return {
    podIp: ip,
    address: (port) => ({ host: LOOPBACK, port: ports()[String(port)] ?? port }),
    ports,
    start: (files, spec, onExit) => start({ files, portsFile, server }, spec, onExit),
    exec: () =>
      Promise.resolve({ code: 126, stdout: "", stderr: "the data plane host runs no commands in pods" }),
    remove: () => Promise.resolve(),
  };
}

/**
 * Pods as processes of the user on this machine, at free loopback ports: for programs that can be told where to
 * listen. Their pod IPs are made up. Needs no rights and no Linux.
 */
export function hostPlane(folder: string, network: NodeNetwork, server: string): Plane {
  const records = new PodRecords(folder);
  const open = (uid: string, number: number): PodSandbox =>
    sandbox(podIp(network, number), podFolder(folder, uid), server);
  return {
    hostIp: LOOPBACK,
    dnsIp: LOOPBACK,
    open: (pod) => {
      const { number } = records.assign(pod);
      return Promise.resolve({ sandbox: open(pod.metadata.uid, number), fresh: false });
    },
    reopen: (pod) => {
      const record = records.read(pod.metadata.uid);
      return Promise.resolve(record === undefined ? undefined : open(pod.metadata.uid, record.number));
    },
    forget: (uid) => records.remove(uid),
    reserve: (pod) => podIp(network, records.assign(pod).number),
    known: () => records.known(),
    clear: async (uid) => {
      await Promise.all(runFolders(podFolder(folder, uid)).map((run) => killContainer(run)));
      records.remove(uid);
    },
  };
}
