import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf, KubeClient, parseKubeconfig } from "../kube";

/** Runs the engine with arguments and resolves to what it printed; rejects where it fails. */
export type RunEngine = (args: readonly string[]) => Promise<string>;

interface Exported {
  readonly deployment: {
    readonly resources?: readonly Provider[];
    readonly pending_operations?: readonly PendingOperation[];
  };
}

interface Provider {
  readonly urn: string;
  readonly inputs?: { readonly kubeconfig?: unknown; readonly context?: unknown };
}

interface PendingOperation {
  readonly type: string;
  readonly resource: {
    readonly urn: string;
    readonly type: string;
    readonly parent?: string;
    readonly provider?: string;
    readonly inputs?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly metadata?: { readonly name?: string; readonly namespace?: string };
    };
  };
}

/** The field managers of both Kubernetes plugins begin so. */
const MANAGER = "pulumi-kubernetes";

/**
 * A killed engine may have created objects that its state does not hold yet: the state only says that it was about to.
 * Takes over those that are there, and forgets those that are not, so that the next `up` neither meets "already exists"
 * nor leaves a note of them behind. Objects that somebody else made are left alone: `up` then says that they exist.
 *
 * Returns the resources' names that were open; none means that nothing was to do.
 */
export async function settlePendingCreates(run: RunEngine): Promise<readonly string[]> {
  const { deployment } = JSON.parse(await run(["stack", "export", "--show-secrets"])) as Exported;
  const pending = (deployment.pending_operations ?? []).filter((operation) => operation.type === "creating");
  if (pending.length === 0) return [];
  const created: Created[] = [];
  for (const { resource } of pending) {
    const id = await createdId(resource, deployment.resources ?? []);
    if (id !== undefined) created.push({ resource, id });
  }
  await run(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  if (created.length > 0) await importAll(run, created);
  return pending.map(({ resource }) => nameOf(resource.urn));
}

interface Created {
  readonly resource: PendingOperation["resource"];
  readonly id: string;
}

/** By `import`, since the engine's own `--import-pending-creates` notes the ids and then drops them. */
async function importAll(run: RunEngine, created: readonly Created[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "meshwright-import-"));
  const file = join(folder, "resources.json");
  const nameTable: { [name: string]: string } = {};
  const named = (urn: string | undefined): string | undefined => {
    if (urn === undefined) return undefined;
    const name = `r${Object.keys(nameTable).length}`;
    nameTable[name] = urn;
    return name;
  };
  const resources = created.map(({ resource: { urn, type, parent, provider }, id }) => ({
    type,
    name: nameOf(urn),
    id,
    parent: named(parent),
    // A provider's reference is its URN and its id.
    provider: named(provider?.slice(0, provider.lastIndexOf("::"))),
  }));
  try {
    writeFileSync(file, JSON.stringify({ nameTable, resources }));
    await run([
      "import",
      "--file",
      file,
      "--yes",
      "--skip-preview",
      "--protect=false",
      "--generate-code=false",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function nameOf(urn: string): string {
  return urn.split("::").pop() ?? urn;
}

/** The id of an object that was created by an update that could not say so any more. */
async function createdId(
  resource: PendingOperation["resource"],
  providers: readonly Provider[],
): Promise<string | undefined> {
  const { apiVersion, kind, metadata } = resource.inputs ?? {};
  const provider = providers.find(({ urn }) => resource.provider?.startsWith(`${urn}::`));
  const kubeconfig = plain(provider?.inputs?.kubeconfig);
  if (
    apiVersion === undefined ||
    kind === undefined ||
    metadata?.name === undefined ||
    kubeconfig === undefined
  )
    return undefined;
  const client = new KubeClient(connectionOf(parseKubeconfig(kubeconfig), plain(provider?.inputs?.context)));
  try {
    const { name, namespace } = metadata;
    const found = await client.find({
      apiVersion,
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    });
    if (found === undefined || !isOurs(found.metadata["managedFields"])) return undefined;
    const there = found.metadata.namespace;
    return there === undefined ? name : `${there}/${name}`;
  } finally {
    client.close();
  }
}

/** Objects without fields to own, such as ServiceAccounts, have no managers. */
function isOurs(managedFields: unknown): boolean {
  const entries = Array.isArray(managedFields) ? (managedFields as { readonly manager?: string }[]) : [];
  return entries.length === 0 || entries.some(({ manager }) => manager?.startsWith(MANAGER) === true);
}

/** A string of an exported state; a secret one is a JSON string within an envelope. */
function plain(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const text = (value as { readonly plaintext?: unknown } | undefined)?.plaintext;
  return typeof text === "string" ? (JSON.parse(text) as string) : undefined;
}
