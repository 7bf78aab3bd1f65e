import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { grpcHealth } from "./grpc-health";
import type { Container, Handler, HttpGet } from "../k8s";

/** Where and how the actions of one container's probes and hooks are done. */
export interface HandlerTarget {
  readonly container: Container;
  /** Where a container port is reached. */
  readonly address: (port: number) => { readonly host: string; readonly port: number };
  readonly exec: (
    argv: readonly string[],
    timeoutMs: number,
  ) => Promise<{ code: number; stdout: string; stderr: string }>;
}

export interface Outcome {
  readonly ok: boolean;
  readonly message: string;
}

function portNumber(port: number | string, container: Container): number {
  if (typeof port === "number") return port;
  const named = container.ports?.find(({ name }) => name === port)?.containerPort ?? Number(port);
  if (!Number.isInteger(named)) throw new Error(`container ${container.name} has no port named ${port}`);
  return named;
}

function httpGet(probe: HttpGet, target: HandlerTarget, timeoutMs: number): Promise<Outcome> {
  const address = target.address(portNumber(probe.port, target.container));
  const secure = (probe.scheme ?? "HTTP").toUpperCase() === "HTTPS";
  const headers = Object.fromEntries((probe.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  const options = {
    host: probe.host ?? address.host,
    port: address.port,
    path: probe.path === undefined || probe.path === "" ? "/" : probe.path,
    headers: { "User-Agent": "kube-probe/1.36", Accept: "*/*", ...headers },
    agent: false as const,
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve) => {
    // A probe asks whether the server answers, not who it is: as a kubelet does, any certificate is accepted.
    const call = secure ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    call.on("error", (error) => resolve({ ok: false, message: `Get ${options.path}: ${error.message}` }));
    call.on("response", (response) => {
      const code = response.statusCode ?? 0;
      response.on("error", () => undefined).resume();
      resolve({ ok: code >= 200 && code < 400, message: `HTTP probe failed with statuscode: ${code}` });
    });
    call.end();
  });
}

function tcpSocket(
  address: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: timeoutMs });
    const done = (ok: boolean, message: string): void => {
      socket.destroy();
      resolve({ ok, message });
    };
    socket.on("connect", () => done(true, ""));
    socket.on("timeout", () => done(false, `dial tcp ${address.host}:${address.port}: timeout`));
    socket.on("error", (error) => done(false, `dial tcp ${address.host}:${address.port}: ${error.message}`));
  });
}

/** Does what a probe or a hook asks for. Never throws: what cannot be done is an outcome that says why. */
export async function perform(handler: Handler, target: HandlerTarget, timeoutMs: number): Promise<Outcome> {
  try {
    if (handler.exec !== undefined) {
      const { code, stdout, stderr } = await target.exec(handler.exec.command ?? [], timeoutMs);
      return {
        ok: code === 0,
        message: `command exited with ${code}: ${(stdout + stderr).trim().slice(0, 1000)}`,
      };
    }
    if (handler.httpGet !== undefined) return await httpGet(handler.httpGet, target, timeoutMs);
    if (handler.tcpSocket !== undefined) {
      const address = target.address(portNumber(handler.tcpSocket.port, target.container));
      return await tcpSocket({ ...address, host: handler.tcpSocket.host ?? address.host }, timeoutMs);
    }
    if (handler.grpc !== undefined) {
      return await grpcHealth(target.address(handler.grpc.port), handler.grpc.service ?? "", timeoutMs);
    }
    if (handler.sleep !== undefined) {
      await sleep(handler.sleep.seconds * 1000);
      return { ok: true, message: "" };
    }
    return { ok: false, message: "it names no exec, httpGet, tcpSocket or grpc" };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}
