import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";

/** A resource as the engine was asked for it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: { readonly [key: string]: unknown };
  /** Names of other resources. */
  readonly provider: string;
  readonly parent: string;
  readonly dependsOn: readonly string[];
  readonly retainOnDelete: boolean;
}

interface Request {
  getType(): string;
  getName(): string;
  getProvider(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getRetainondelete(): boolean;
  getObject(): { toJavaScript(): { [key: string]: unknown } };
}

type Handler = (request: Request, callback: unknown) => unknown;

/** Runs a program against an engine that makes nothing, and tells what it was asked for, in order. */
export async function register(
  program: () => unknown,
  mode: { preview?: boolean } = {},
): Promise<Registration[]> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
      call: () => ({}),
    },
    "meshwright",
    "test",
    mode.preview ?? false,
  );
  const seen: Registration[] = [];
  const monitor = settings.getMonitor() as unknown as { registerResource: Handler };
  const pass = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    seen.push(read(request));
    return pass(request, callback);
  };
  program();
  await (settings as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return seen;
}

export function find(registrations: readonly Registration[], name: string): Registration {
  const found = registrations.find((r) => r.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${registrations.map((r) => r.name).join(", ")}`);
  return found;
}

/** An input that went to the engine as a secret. */
export function secret(value: unknown): unknown {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

function read(request: Request): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: request.getObject().toJavaScript(),
    provider: nameIn(request.getProvider()),
    parent: nameIn(request.getParent()),
    dependsOn: request.getDependenciesList().map(nameIn).sort(),
    retainOnDelete: request.getRetainondelete(),
  };
}

function nameIn(urn: string): string {
  return urn.split("::")[3] ?? "";
}
