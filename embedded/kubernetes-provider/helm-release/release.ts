import {
  hasUnknown,
  InitFailedError,
  markLike,
  plain,
  Unknown,
  type CheckRequest,
  type CheckResult,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type ReadRequest,
  type ReadResult,
  type StateResult,
  type UpdateRequest,
  type ValueMap,
} from "../../plugin";
import { changes, formatPath } from "../diff";
import { withName } from "../names";
import { parseId } from "../object-id";
import type { Session } from "../session";
import { helm, isReleaseNotFound } from "./cli";
import { releaseInputs, unsupportedInputs, type ReleaseInputs } from "./inputs";
import { readRelease, type ReleaseState } from "./release-state";
import { renderChart } from "./template";
import { Workspace } from "./workspace";

export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** What the server tells of a release; all else in the state are its inputs. */
const OUTPUTS = ["status", "resourceNames"];

const REPLACING = new Set(["name", "namespace"]);

export function checkRelease(session: Session, request: CheckRequest): CheckResult {
  const given = Object.fromEntries(Object.entries(request.news).filter(([, value]) => value !== null));
  const failures = unsupportedInputs(given);
  if (given["chart"] === undefined) failures.push({ property: "chart", reason: "name a chart" });
  const { name, ...rest } = given;
  const before = plain(request.olds)["name"];
  const old =
    before === undefined
      ? {}
      : { metadata: { name: before, annotations: { "pulumi.com/autonamed": "true" } } };
  const { metadata, failure } = withName(name === undefined ? {} : { name }, request, () =>
    name === undefined ? old : {},
  );
  if (failure) failures.push({ ...failure, property: "name" });
  const namespace = rest["namespace"] ?? session.defaultNamespace;
  return { inputs: { ...rest, name: metadata["name"] ?? null, namespace }, failures };
}

export function diffRelease(request: DiffRequest): DiffResult {
  const found = changes(request.oldInputs, request.news);
  const replaces = found.map(({ path }) => formatPath(path)).filter((path) => REPLACING.has(path));
  const detailed = Object.fromEntries(
    found.map(({ path, kind }) => {
      const text = formatPath(path);
      return [text, { kind, replace: replaces.includes(text), inputDiff: kind === "DELETE" }];
    }),
  );
  return { detailed, replaces, deleteBeforeReplace: false };
}

export async function createRelease(session: Session, request: CreateRequest): Promise<StateResult> {
  const { properties, preview } = request;
  if (preview) return previewRelease(session, properties);
  return Workspace.with((workspace) =>
    install(new Install(session, workspace, properties), request, "install"),
  );
}

export async function updateRelease(session: Session, request: UpdateRequest): Promise<StateResult> {
  const { news, preview } = request;
  if (preview) return previewRelease(session, news);
  return Workspace.with(async (workspace) => {
    const job = new Install(session, workspace, news);
    const verb = await unjam(job);
    return install(job, request, verb);
  });
}

export async function readReleaseState(
  session: Session,
  request: ReadRequest,
): Promise<ReadResult | undefined> {
  const { name, namespace = "default" } = parseId(request.id);
  const kept = Object.keys(request.inputs).length > 0 ? request.inputs : { name, namespace };
  return Workspace.with(async (workspace) => {
    const scope = ["--namespace", namespace, ...workspace.cluster(session.config)];
    const state = await readRelease(name, scope, workspace.env);
    return state && { id: request.id, inputs: kept, properties: outputs(kept, state) };
  });
}

export async function deleteRelease(session: Session, request: DeleteRequest): Promise<void> {
  const { name, namespace = "default" } = parseId(request.id);
  const { timeoutSeconds } = releaseInputs(plain(request.oldInputs));
  await Workspace.with(async (workspace) => {
    const scope = ["--namespace", namespace, ...workspace.cluster(session.config)];
    const limit = `${request.timeout || timeoutSeconds}s`;
    try {
      await helm(["uninstall", name, ...scope, "--wait", "--timeout", limit], workspace.env, request.signal);
    } catch (error) {
      if (!isReleaseNotFound(error)) throw error;
    }
  });
}

/** One release about to be installed or upgraded. */
class Install {
  readonly inputs: ReleaseInputs;
  readonly scope: readonly string[];

  constructor(
    readonly session: Session,
    readonly workspace: Workspace,
    readonly properties: ValueMap,
  ) {
    this.inputs = releaseInputs(plain(properties));
    this.scope = ["--namespace", this.inputs.namespace, ...workspace.cluster(session.config)];
  }

  get id(): string {
    return `${this.inputs.namespace}/${this.inputs.name}`;
  }

  state(): Promise<ReleaseState | undefined> {
    return readRelease(this.inputs.name, this.scope, this.workspace.env);
  }
}

type Verb = "install" | "upgrade";

async function install(
  job: Install,
  request: CreateRequest | UpdateRequest,
  verb: Verb,
): Promise<StateResult> {
  const { inputs, workspace, properties } = job;
  const create = plain(properties)["createNamespace"] === true ? ["--create-namespace"] : [];
  const chart = workspace.chart(inputs);
  request.log.status("info", `Waiting for helm ${verb} of ${inputs.name}`);
  try {
    if (workspace.hasPrivateRepository) await helm(["repo", "update"], workspace.env, request.signal);
    await helm(
      [
        ...[verb, inputs.name, ...chart, ...job.scope],
        ...workspace.values(inputs.values, inputs.valueFiles),
        ...[...inputs.flags, ...(verb === "upgrade" ? inputs.upgradeFlags : create)],
        ...["--timeout", `${request.timeout || inputs.timeoutSeconds}s`, "--output", "json"],
      ],
      workspace.env,
      request.signal,
    );
  } catch (error) {
    throw await failed(job, verb, error as Error);
  }
  request.log.status("info", "");
  const state = await job.state();
  if (!state) throw new Error(`release ${job.id} is gone right after helm ${verb}`);
  return { id: job.id, properties: outputs(properties, state) };
}

/** A release that was begun stays in the state, so that the next update goes on from it. */
async function failed(job: Install, verb: Verb, error: Error): Promise<Error> {
  const message = `helm ${verb} of release "${job.id}" failed: ${error.message}`;
  const taken = /cannot re-?use a name/.test(error.message);
  const state = taken ? undefined : await job.state().catch(() => undefined);
  if (!state) return new Error(message);
  return new InitFailedError({ id: job.id, properties: outputs(job.properties, state) }, [message]);
}

/** Frees a release that an earlier, interrupted command left pending; without that Helm refuses every command. */
async function unjam(job: Install): Promise<Verb> {
  const { status } = (await job.state()) ?? {};
  if (!status) return "install";
  const now = status["status"];
  if (typeof now !== "string" || !now.startsWith("pending")) return "upgrade";
  const { name } = job.inputs;
  if (status["revision"] === 1) {
    await helm(["uninstall", name, ...job.scope], job.workspace.env);
    return "install";
  }
  await helm(["rollback", name, ...job.scope], job.workspace.env);
  return "upgrade";
}

/** Renders the chart, to tell a mistake in the values before anything is changed. */
async function previewRelease(session: Session, properties: ValueMap): Promise<StateResult> {
  const unknown = Object.fromEntries(OUTPUTS.map((key) => [key, Unknown.value]));
  if (session.known && !hasUnknown(properties)) {
    const inputs = releaseInputs(plain(properties));
    await Workspace.with((workspace) => renderChart(workspace, inputs, []));
  }
  return { id: "", properties: { ...properties, ...unknown } };
}

function outputs(properties: ValueMap, state: ReleaseState): ValueMap {
  return { ...properties, ...markLike({ ...state }, [properties]) };
}
