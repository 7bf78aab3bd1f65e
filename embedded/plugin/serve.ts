import { setMaxListeners } from "node:events";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { useFastStructs } from "../../wire/fast-struct";
import { EngineLog } from "./engine-log";
import { serviceOf } from "./service";
import type { PluginProvider } from "./types";

const ANY_SIZE = -1;
const PARENT_CHECK_MS = 500;
const GRACE_MS = 3000;

/** Serves a plugin to the engine that started this process, until that engine ends it or is gone. */
export function servePlugin(provider: PluginProvider): void {
  useFastStructs();
  const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const server = new Server({
    "grpc.max_receive_message_length": ANY_SIZE,
    "grpc.max_send_message_length": ANY_SIZE,
  });
  const cancelled = new AbortController();
  setMaxListeners(0, cancelled.signal);
  server.addService(ResourceProviderService, serviceOf(provider, { log: new EngineLog(engine), cancelled }));
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    // The engine reads the port from the first line.
    process.stdout.write(`${port}\n`);
  });
  leaveWithParent();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => leave(server, cancelled));
}

/**
 * The engine interrupts its plugins when all is done, and kills them five seconds later. (The user's Ctrl-C does not
 * come here: plugins have a process group of their own.) What is still under way is cancelled and answered first.
 */
function leave(server: Server, cancelled: AbortController): void {
  cancelled.abort();
  server.tryShutdown(() => process.exit(0));
  setTimeout(() => process.exit(0), GRACE_MS).unref();
}

/** Ends this process when the engine was killed and so could not end it. */
function leaveWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.exit(0), PARENT_CHECK_MS).unref();
}
