import { conditionOf, type Assessment, type Awaiter, type View } from "./types";

/** Ready when the API server serves its kind, so that objects of it can be made at once. */
export const crd: Awaiter = { timeoutSeconds: 60, keepsWritten: true, assess };

function assess({ object }: View): Assessment {
  const named = conditionOf(object, "NamesAccepted");
  if (conditionOf(object, "Established")?.status === "True") return { ready: true };
  const refused = named?.status === "False";
  const problems = refused ? [`[${named.reason ?? ""}] ${named.message ?? ""}`] : ["it was not established"];
  return { ready: false, failed: refused, problems };
}
