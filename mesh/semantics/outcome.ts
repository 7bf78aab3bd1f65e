import type { NormalizedIntent } from "../intent/types";
import { toOutside } from "./egress";
import { atGateway } from "./gateway";
import { atService } from "./service";
import type { Outcome, Request } from "./types";

/**
 * What an intent means for one request or connection: the meaning that every mesh must keep (docs/semantics.md).
 * Total and pure; the intent is one whose rules hold.
 */
export function outcome(intent: NormalizedIntent, request: Request): Outcome {
  const { to } = request;
  switch (to.kind) {
    case "service":
      return atService(request, to, intent);
    case "gateway":
      return atGateway(request, to, intent);
    case "external":
      return toOutside(request, to, intent);
  }
}
