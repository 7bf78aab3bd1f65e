import type { Container, Pod } from "../k8s";
import type { Image } from "../images";
import type { ContainerSpec, Identity, Mount } from "../sandbox/root-script";
import { expand } from "./env";

/** What a container may do unless its security context says otherwise: the usual set of container runtimes. */
const USUAL = [
  "chown",
  "dac_override",
  "fowner",
  "fsetid",
  "kill",
  "setgid",
  "setuid",
  "setpcap",
  "net_bind_service",
  "net_raw",
  "sys_chroot",
  "audit_write",
  "setfcap",
];
/** What a container may be given beyond that: nothing that reaches out of its own namespaces. */
const GRANTABLE = [...USUAL, "net_admin", "net_broadcast", "ipc_lock", "sys_nice", "sys_ptrace"];

function capabilities(container: Container): string[] {
  const plain = (name: string): string => name.toLowerCase().replace(/^cap_/, "");
  const { add = [], drop = [] } = container.securityContext?.capabilities ?? {};
  const dropped = drop.map(plain);
  const kept = USUAL.filter((name) => !dropped.includes("all") && !dropped.includes(name));
  const added = add.map(plain);
  const refused = added.filter((name) => !GRANTABLE.includes(name));
  if (refused.length > 0) {
    throw new Error(`capabilities ${refused.join(", ")} are not given: they would reach beyond the pod`);
  }
  return [...new Set([...kept, ...added])];
}

/** Whom the container runs as: its own security context, else the pod's, else the image's user. */
export function identityOf(pod: Pod, container: Container, image: Image): Identity {
  const [own, shared] = [container.securityContext, pod.spec.securityContext];
  if (own?.privileged === true) {
    throw new Error("privileged containers are not run: processes share this machine with its user");
  }
  const chosen = own?.runAsUser ?? shared?.runAsUser;
  const uid = chosen ?? image.uid;
  if ((own?.runAsNonRoot ?? shared?.runAsNonRoot) === true && uid === 0) {
    throw new Error("runAsNonRoot is set, but the container would run as root: set runAsUser");
  }
  const gid = own?.runAsGroup ?? shared?.runAsGroup ?? (chosen === undefined ? image.gid : 0);
  const groups = [
    ...(shared?.supplementalGroups ?? []),
    ...(shared?.fsGroup === undefined ? [] : [shared.fsGroup]),
  ];
  return { uid, gid, groups, capabilities: capabilities(container), noNewPrivileges: true };
}

/** Everything that starting a container takes, from the pod and what stands in for the image. */
export function containerSpec(
  pod: Pod,
  container: Container,
  parts: {
    readonly image: Image;
    readonly env: Readonly<Record<string, string>>;
    readonly mounts: readonly Mount[];
  },
): ContainerSpec {
  const { image, mounts } = parts;
  const hostname = pod.spec.hostname ?? pod.metadata.name;
  const env = { ...image.env, HOSTNAME: hostname, ...parts.env };
  const entrypoint = container.command ?? image.entrypoint;
  const args = container.args ?? (container.command === undefined ? image.command : []);
  return {
    ...identityOf(pod, container, image),
    hostname,
    mounts: [...image.files().map((file) => ({ ...file, kind: "file" as const, readOnly: true })), ...mounts],
    readOnlyRoot: container.securityContext?.readOnlyRootFilesystem ?? false,
    workdir: container.workingDir ?? "/",
    argv: [...entrypoint, ...args].map((word) => expand(word, env)),
    env: { HOME: "/", ...env },
    ...(image.onHost === undefined ? {} : { onHost: image.onHost }),
  };
}
