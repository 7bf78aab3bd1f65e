import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { ResourceLog, Severity } from "./types";

const PATIENCE_MS = 3000;
const SEVERITIES = { info: LogSeverity.INFO, warning: LogSeverity.WARNING, error: LogSeverity.ERROR };

/** Tells the engine, and so the user, what happens. Without an engine nobody is told. */
export class EngineLog {
  private readonly client: EngineClient | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(address: string | undefined) {
    this.client = address ? new EngineClient(address, credentials.createInsecure()) : undefined;
  }

  /** The log of one resource; `clean` blots out its secrets. */
  of(urn: string, clean: (message: string) => string): ResourceLog {
    return {
      status: (severity, message) => this.send({ urn, severity, message: clean(message), ephemeral: true }),
      message: (severity, message) => this.send({ urn, severity, message: clean(message), ephemeral: false }),
    };
  }

  /** Resolves once everything said before has been heard, so that no message comes after its resource is done. */
  flush(): Promise<void> {
    return this.last;
  }

  private send(line: { urn: string; severity: Severity; message: string; ephemeral: boolean }): void {
    const { client } = this;
    if (!client) return;
    const request = new LogRequest();
    request.setUrn(line.urn);
    request.setSeverity(SEVERITIES[line.severity]);
    request.setMessage(line.message);
    request.setEphemeral(line.ephemeral);
    // One after the other: the engine handles calls of one connection side by side.
    this.last = this.last.then(() => tell(client, request));
  }
}

/** An engine that does not listen must not keep a resource from being done. */
function tell(client: EngineClient, request: LogRequest): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  return new Promise((resolve) => client.log(request, new Metadata(), { deadline }, () => resolve()));
}
