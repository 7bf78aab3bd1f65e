import type { Assessment, Awaiter, View } from "./types";

/** Ready when active; one that is going away never will be. */
export const namespace: Awaiter = { timeoutSeconds: 60, assess };

function assess({ object }: View): Assessment {
  const { phase } = (object["status"] ?? {}) as { phase?: string };
  if (phase === "Active") return { ready: true };
  const problems = [`the namespace is ${phase ?? "not active yet"}`];
  return { ready: false, failed: phase === "Terminating", problems };
}
