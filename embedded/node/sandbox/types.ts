import type { RunResult } from "../run";
import type { ExecRequest } from "./exec";
import type { ContainerSpec } from "./root-script";

/** Where one run of a container is kept, see container.ts. */
export interface RunFiles {
  readonly folder: string;
  readonly log: string;
}

/** The network of one pod and the way its containers are run in it. */
export interface PodSandbox {
  readonly podIp: string;
  /** Name of the pod's network namespace, where it has one. */
  readonly netns?: string;
  /** Where a port of the pod is reached from the agent. */
  readonly address: (port: number) => { readonly host: string; readonly port: number };
  /** Ports that are reached elsewhere than they are declared. */
  readonly ports: () => Readonly<Record<string, number>>;
  readonly start: (files: RunFiles, spec: ContainerSpec, onExit: () => void) => void | Promise<void>;
  readonly exec: (pid: number, request: ExecRequest) => Promise<RunResult>;
  readonly remove: () => Promise<void>;
}

export interface OpenedSandbox {
  readonly sandbox: PodSandbox;
  /** Made now: containers of an earlier one are gone, and init containers must run again. */
  readonly fresh: boolean;
}
