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

/**
 * Pods as processes of the user on this machine, at free loopback ports: for programs that can be told where to
 * listen. Their pod IPs are made up. Needs no rights and no Linux.
 */
export function hostPlane(folder: string, network: NodeNetwork, server: string): Plane {
  const records = new PodRecords(folder);
  const sandbox = (uid: string, number: number): PodSandbox => {
    const portsFile = join(podFolder(folder, uid), "ports.json");
    const ports = (): Ports =>
      existsSync(portsFile) ? (JSON.parse(readFileSync(portsFile, "utf8")) as Ports) : {};
    return {
      podIp: podIp(network, number),
      address: (port) => ({ host: LOOPBACK, port: ports()[String(port)] ?? port }),
      ports,
      start: async (files, spec, onExit) => {
        const program = spec.onHost;
        if (program === undefined)
          throw new Error("this program needs a network of its own: the data plane netns");
        const chosen: Ports = {};
        for (const port of Object.keys(program.portFlags)) chosen[port] = await freePort();
        writeFileSync(portsFile, JSON.stringify(chosen));
        linkMounts(join(files.folder, "root"), spec);
        const account = spec.mounts.find(({ target }) => target === ACCOUNT)?.source ?? "";
        writeFileSync(join(files.folder, "kubeconfig.json"), JSON.stringify(kubeconfig(account, server)), {
          mode: 0o600,
        });
        const script = join(files.folder, "run.sh");
        writeFileSync(script, commandLine(files, spec, { program, ports: chosen, server }), { mode: 0o600 });
        keep(files, `sh ${quote(script)}`, onExit);
      },
      exec: () =>
        Promise.resolve({
          code: 126,
          stdout: "",
          stderr: "commands cannot be run in pods of the data plane host",
        }),
      remove: () => Promise.resolve(),
    };
  };
  return {
    hostIp: LOOPBACK,
    dnsIp: LOOPBACK,
    open: (pod) => {
      const { number } = records.assign(pod);
      return Promise.resolve({ sandbox: sandbox(pod.metadata.uid, number), fresh: false });
    },
    reopen: (pod) => {
      const record = records.read(pod.metadata.uid);
      return Promise.resolve(record === undefined ? undefined : sandbox(pod.metadata.uid, record.number));
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
