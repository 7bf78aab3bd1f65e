import type { HostProgram } from "../images";
import { noteSelf } from "../processes";

/** One thing of the host that the container sees: a folder or a file, both paths absolute and free of symlinks. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly kind: "folder" | "file";
  readonly readOnly: boolean;
}

/** Whom a process runs as, and what it may do. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** Names without `CAP_`, lower case: the most that the process can ever have. */
  readonly capabilities: readonly string[];
  readonly noNewPrivileges: boolean;
}

export interface ContainerSpec extends Identity {
  readonly hostname: string;
  readonly mounts: readonly Mount[];
  readonly readOnlyRoot: boolean;
  readonly workdir: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How it runs where it has no network of its own; absent where it cannot. */
  readonly onHost?: HostProgram;
}

/** Programs and libraries of the host, read-only. /usr/local is the container's own. */
const SYSTEM = [
  "/usr/bin",
  "/usr/sbin",
  "/usr/lib",
  "/usr/lib32",
  "/usr/lib64",
  "/usr/libx32",
  "/usr/libexec",
  "/usr/share",
];
const SYSTEM_LINKS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
const SYSTEM_ETC = [
  "/etc/ssl",
  "/etc/pki",
  "/etc/ca-certificates",
  "/etc/crypto-policies",
  "/etc/alternatives",
  "/etc/ld.so.cache",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/protocols",
  "/etc/services",
  "/nix/store",
];
const DEVICES = ["null", "zero", "full", "random", "urandom", "tty"];

export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The words that make a process run as `who` with exactly this environment. */
export function asUser(
  who: Identity,
  env: Readonly<Record<string, string>>,
  argv: readonly string[],
): string {
  const words = [
    "setpriv",
    `--reuid=${who.uid}`,
    `--regid=${who.gid}`,
    who.groups.length === 0 ? "--clear-groups" : `--groups=${who.groups.join(",")}`,
    "--inh-caps=-all",
    "--ambient-caps=-all",
    `--bounding-set=${["-all", ...who.capabilities.map((name) => `+${name}`)].join(",")}`,
    ...(who.noNewPrivileges ? ["--no-new-privs"] : []),
    "env",
    "-i",
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...argv,
  ];
  return words.map(quote).join(" ");
}

function bind({ source, target, kind }: Mount): string[] {
  const [from, to] = [quote(`/.host${source}`), quote(target)];
  const make =
    kind === "folder"
      ? `mkdir -p ${to}`
      : `mkdir -p ${quote(target.replace(/\/[^/]*$/, "") || "/")}; [ -e ${to} ] || : > ${to}`;
  return [make, `mount --bind ${from} ${to}`];
}

const USERS =
  "root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\nistio-proxy:x:1337:1337::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n";
const GROUPS = "root:x:0:\nnode:x:1000:\nistio-proxy:x:1337:\nnogroup:x:65534:\n";

/** A fresh file system in memory with the host's programs, before it becomes the root. */
function skeleton(root: string): string[] {
  return [
    `mount -t tmpfs -o mode=755,size=64m tmpfs ${root}`,
    `cd ${root}`,
    "mkdir -p .host dev etc home/node proc root run sys tmp usr/local/bin var/log var/tmp var/lib",
    "chmod 1777 tmp var/tmp; chown 1000:1000 home/node; ln -s ../run var/run",
    `for d in ${SYSTEM.join(" ")}; do if [ -L $d ]; then ln -s "$(readlink $d)" .$d; elif [ -d $d ]; then mkdir -p .$d; mount --bind $d .$d; mount -o remount,bind,ro .$d; fi; done`,
    `for d in ${SYSTEM_LINKS.join(" ")}; do if [ -L $d ]; then ln -s "$(readlink $d)" .$d; elif [ -d $d ]; then mkdir -p .$d; mount --bind $d .$d; mount -o remount,bind,ro .$d; fi; done`,
    `for f in ${SYSTEM_ETC.join(" ")}; do if [ -d $f ]; then mkdir -p .$f; elif [ -e $f ]; then : > .$f; else continue; fi; mount --bind $f .$f; mount -o remount,bind,ro .$f; done`,
    `printf %s ${quote(USERS)} > etc/passwd; printf %s ${quote(GROUPS)} > etc/group`,
    "echo 'hosts: files dns' > etc/nsswitch.conf",
    `for d in ${DEVICES.join(" ")}; do : > dev/$d; mount --bind /dev/$d dev/$d; done`,
    "ln -s /proc/self/fd dev/fd; ln -s /proc/self/fd/0 dev/stdin; ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr",
    "mkdir dev/shm; mount -t tmpfs -o mode=1777,size=64m,nosuid,nodev tmpfs dev/shm",
    "mount -t proc -o nosuid,nodev,noexec proc proc",
    "for d in sys sysrq-trigger irq bus; do if [ -e proc/$d ]; then mount --bind proc/$d proc/$d; mount -o remount,bind,ro proc/$d; fi; done",
    "[ ! -e proc/kcore ] || mount --bind /dev/null proc/kcore",
  ];
}

/**
 * The script that is a container's first process, in namespaces of its own (mount, pid, uts, ipc) that unshare(1) made:
 * writes its pid as the host sees it to `pid` in `folder`, builds the root file system, makes it the root, and becomes
 * the program. Mounts of volumes come after the change of root, so that no symlink in them can lead to the host.
 */
export function containerScript(folder: string, spec: ContainerSpec): string {
  const mounts = [...spec.mounts].sort((a, b) => a.target.split("/").length - b.target.split("/").length);
  return [
    "set -eu",
    noteSelf(quote(`${folder}/pid.new`)),
    `mv ${quote(`${folder}/pid.new`)} ${quote(`${folder}/pid`)}`,
    `echo ${quote(spec.hostname)} > /proc/sys/kernel/hostname`,
    "umask 022",
    // Its own output is the program's to open by name, /dev/stdout, as in other container runtimes.
    `chown ${spec.uid}:${spec.gid} /proc/self/fd/1`,
    ...skeleton(quote(`${folder}/root`)),
    "pivot_root . .host",
    "cd /",
    ...mounts.flatMap(bind),
    // Only now: a volume within a read-only volume needs a folder made in that.
    ...mounts
      .filter(({ readOnly }) => readOnly)
      .map(({ target }) => `mount -o remount,bind,ro ${quote(target)}`),
    "umount -l /.host",
    "rmdir /.host",
    `mkdir -p ${quote(spec.workdir)}; cd ${quote(spec.workdir)}`,
    ...(spec.readOnlyRoot ? ["mount -o remount,ro /"] : []),
    `exec ${asUser(spec, spec.env, spec.argv)}`,
    "",
  ].join("\n");
}
