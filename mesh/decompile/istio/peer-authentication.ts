import { present } from "../../../lib";
import type { MtlsMode } from "../../intent/types";
import type { DraftService } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { chosenBy } from "../services";
import { isRoot, type Context } from "./context";

/** Our own note of the day until which an exception is to last. */
const UNTIL = "meshwright.dev/until";

/** Who must prove who they are: for the mesh, for namespaces, for services and their ports. */
export function readPeerAuthentications({ manifests, draft }: Context): void {
  draft.mode = "permissive";
  for (const item of manifests.take("security.istio.io", "PeerAuthentication")) {
    const { namespace, spec } = item;
    const until = item.annotations.get(UNTIL).text();
    const selector = spec.get("selector", "matchLabels");
    const mode = modeOf(spec.get("mtls", "mode"));
    if (selector.there) {
      serviceOverrides(item, {
        mode,
        services: chosenBy(draft, namespace, selector.textMap()),
        until,
        draft,
      });
    } else if (mode === undefined) spec.get("mtls").acceptIf({}, { mode: "UNSET" });
    else if (isRoot(namespace)) draft.mode = mode;
    else draft.overrides.push({ namespace, mode, ...present({ until }), at: spec.at });
  }
}

function modeOf(field: Field): MtlsMode | undefined {
  switch (field.word("STRICT", "PERMISSIVE", "DISABLE", "UNSET")) {
    case "STRICT":
      return "strict";
    case "PERMISSIVE":
      return "permissive";
    case "DISABLE":
      field.change("an intent does not turn mTLS off: permissive takes plaintext too");
      return "permissive";
    default:
      return undefined;
  }
}

interface Exception {
  readonly mode: MtlsMode | undefined;
  readonly services: readonly DraftService[];
  readonly until: string | undefined;
  readonly draft: Context["draft"];
}

function serviceOverrides(item: Item, { mode, services, until, draft }: Exception): void {
  const { spec } = item;
  if (services.length === 0) {
    spec.lose({
      message: "the pods that this is for are not those of a service among the manifests",
      security: true,
    });
    return;
  }
  const ports = spec.get("portLevelMtls").entries();
  for (const { key: service, ports: known } of services) {
    if (mode !== undefined) draft.overrides.push({ service, mode, ...present({ until }), at: spec.at });
    for (const [target, field] of ports) {
      const portMode = modeOf(field.get("mode"));
      const port = known.find((p) => String(p.targetPort) === target)?.port;
      if (portMode === undefined || port === undefined) {
        field.lose({
          message: `service ${service} has no port that leads to port ${target} of its pods`,
          security: true,
        });
      } else draft.overrides.push({ service, port, mode: portMode, ...present({ until }), at: field.at });
    }
  }
}
