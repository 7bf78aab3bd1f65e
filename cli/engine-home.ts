import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateDir } from "../embedded/home";

/** Where the engine keeps its plugins and, unless the user has a backend of their own, the stacks' state. */
export interface EngineHome {
  readonly folder: string;
  readonly backendUrl: string;
  /** The backend is ours: a folder on this machine, encrypted with a generated passphrase. */
  readonly ownsBackend: boolean;
  readonly env: { readonly [name: string]: string };
}

function passphraseFile(folder: string): string {
  const file = join(folder, "passphrase");
  // `wx`: two first runs at once must agree on one passphrase.
  try {
    writeFileSync(file, randomBytes(24).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return file;
}

/** Makes the folder on first use. A `PULUMI_BACKEND_URL` of the user's is left in charge of state and secrets. */
export function engineHome(): EngineHome {
  const folder = join(stateDir(), "pulumi");
  mkdirSync(join(folder, "backend"), { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const theirs = process.env["PULUMI_BACKEND_URL"];
  // Without files of metadata beside the state: the engine does not write them in one piece, and cannot read the state
  // after it was killed while it did.
  const backendUrl = theirs ?? `file://${join(folder, "backend")}?metadata=skip`;
  const secrets = theirs === undefined ? { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(folder) } : {};
  return {
    folder,
    backendUrl,
    ownsBackend: theirs === undefined,
    env: {
      PULUMI_BACKEND_URL: backendUrl,
      PULUMI_HOME: process.env["PULUMI_HOME"] ?? join(folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
      ...secrets,
    },
  };
}

/** The stack's state file in our own backend. */
export function stateFile(home: EngineHome, project: string, stack: string): string | undefined {
  const file = join(home.folder, "backend", ".pulumi", "stacks", project, `${stack}.json`);
  return home.ownsBackend && existsSync(file) ? file : undefined;
}

export function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
