import { present } from "../../lib";
import type { HeaderChange, RequestRule } from "../intent/types";
import type { Fault } from "../intent/types";
import type { Faults, FaultStatus, MirrorShare, Treatment } from "./types";

/** What is done to requests and connections that no rule has anything to say about. */
export const untreated: Treatment = { faults: {}, mirrors: [] };

export function treatmentOf(
  { timeoutMs, retry, fault, headers }: RequestRule,
  { protocol, mirrors }: { protocol: FaultStatus["protocol"]; mirrors: readonly MirrorShare[] },
): Treatment {
  const responseHeaders =
    headers !== undefined && changesAny(headers.response) ? headers.response : undefined;
  return {
    ...present({ timeoutMs, retry }),
    faults: fault === undefined ? {} : faultsOf(fault, protocol),
    mirrors,
    ...present({ responseHeaders }),
  };
}

function faultsOf({ delay, abort }: Fault, protocol: FaultStatus["protocol"]): Faults {
  return present({
    delay: delay && { share: delay.percent / 100, ms: delay.durationMs },
    abort: abort && { share: abort.percent / 100, status: { protocol, code: abort.status } },
  });
}

function changesAny({ set, add, remove }: HeaderChange): boolean {
  return set.length + add.length + remove.length > 0;
}
