import { chmodSync, chownSync, existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Container, Pod } from "../k8s";
import type { Mount } from "../sandbox/root-script";
import { writeAtomically } from "./atomic-folder";
import { expand } from "./env";
import { volumeFiles, type VolumeSource } from "./volume-files";

/** A host folder is harmless only where it is not writable and no secret: the machine's certificates and clock. */
const HARMLESS = ["/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/localtime", "/usr/share"];

function hostFolder(path: string, pod: Pod): string {
  if (HARMLESS.some((folder) => path === folder || path.startsWith(`${folder}/`)) && existsSync(path)) {
    return realpathSync(path);
  }
  throw new Error(
    `hostPath ${path} of pod ${pod.metadata.name} is refused: processes share this machine with its user`,
  );
}

/** Brings every volume of the pod to what it is to hold now. Throws one error that names every volume that could not be. */
export async function refreshVolumes(folder: string, source: VolumeSource): Promise<void> {
  const group = source.pod.spec.securityContext?.fsGroup;
  const problems: string[] = [];
  for (const volume of source.pod.spec.volumes ?? []) {
    const path = join(folder, volume.name);
    try {
      if (volume.hostPath !== undefined) {
        hostFolder(volume.hostPath.path, source.pod);
        continue;
      }
      const files = await volumeFiles(volume, source);
      if (files !== undefined) writeAtomically(path, files, process.getuid?.() === 0 ? group : undefined);
      else if (!existsSync(path)) {
        mkdirSync(path, { recursive: true });
        chmodSync(path, 0o777);
        if (group !== undefined && process.getuid?.() === 0) {
          chownSync(path, 0, group);
          chmodSync(path, 0o2777);
        }
      }
    } catch (error) {
      problems.push(`volume ${volume.name}: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("; "));
}

/** Where a container's volumes are to appear. The volumes must be there. */
export function volumeMounts(
  container: Container,
  where: { readonly pod: Pod; readonly folder: string },
  env: Readonly<Record<string, string>>,
): Mount[] {
  const all = container.volumeMounts ?? [];
  return all.map((mount) => {
    const volume = where.pod.spec.volumes?.find(({ name }) => name === mount.name);
    if (volume === undefined)
      throw new Error(`container ${container.name} mounts ${mount.name}, which is no volume`);
    if (
      volume.hostPath !== undefined &&
      all.some(({ mountPath }) => mountPath.startsWith(`${mount.mountPath}/`))
    ) {
      throw new Error(
        `container ${container.name} mounts a volume within hostPath ${volume.hostPath.path}: that is refused`,
      );
    }
    const host = volume.hostPath === undefined ? undefined : hostFolder(volume.hostPath.path, where.pod);
    const root = realpathSync(host ?? join(where.folder, volume.name));
    const sub = mount.subPath ?? (mount.subPathExpr === undefined ? "" : expand(mount.subPathExpr, env));
    if (sub !== "" && volume.emptyDir !== undefined && !existsSync(join(root, sub))) {
      mkdirSync(join(root, sub), { recursive: true });
      chmodSync(join(root, sub), 0o777);
    }
    const source = sub === "" ? root : realpathSync(join(root, sub));
    if (source !== root && !source.startsWith(`${root}/`)) {
      throw new Error(`subPath ${sub} of volume ${volume.name} leads out of the volume`);
    }
    const readOnly = volume.emptyDir === undefined || mount.readOnly === true;
    return {
      source,
      target: mount.mountPath,
      kind: statSync(source).isDirectory() ? "folder" : "file",
      readOnly,
    };
  });
}

/** The files of /etc that a pod's containers share. */
export function writeEtc(
  folder: string,
  pod: Pod,
  network: { readonly podIp: string; readonly dns: string },
): Mount[] {
  mkdirSync(folder, { recursive: true });
  const hostname = pod.spec.hostname ?? pod.metadata.name;
  const aliases = (pod.spec.hostAliases ?? []).map(
    ({ ip, hostnames = [] }) => `${ip}\t${hostnames.join("\t")}\n`,
  );
  const { namespace } = pod.metadata;
  const files = {
    hosts: `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n${network.podIp}\t${hostname}\n${aliases.join("")}`,
    "resolv.conf": `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver ${network.dns}\noptions ndots:5\n`,
    hostname: `${hostname}\n`,
  };
  return Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o644);
    return { source: realpathSync(join(folder, name)), target: `/etc/${name}`, kind: "file", readOnly: true };
  });
}
