import { groupBy, type FieldPath } from "../../lib";
import { contentText } from "../intent/order";
import type { MtlsMode } from "../intent/types";
import type { Draft, DraftService } from "./draft";

/** What one port of a service lets in where no access names it. */
export interface PortState {
  readonly service: DraftService;
  readonly port: number;
  /** Everybody, unless some access narrows it. */
  readonly open: boolean;
  /** Undefined where nobody comes in whatever the mode. */
  readonly mode: MtlsMode | undefined;
  readonly at: FieldPath;
}

/**
 * The default of authorization, and access for ports that are open beside closed ones: in an intent a service with an
 * `allow` admits only what its allows name, and one without is as open as the default.
 */
export function closeTheRest(draft: Draft, states: readonly PortState[]): void {
  const admitting = new Set(draft.access.filter((a) => a.action === "allow").map((a) => a.to.service));
  const services = [...groupBy(states, (state) => state.service)];
  const shut = services.some(
    ([service, ports]) => !admitting.has(service.key) && ports.every((p) => !p.open),
  );
  const everyClosed = services.length > 0 && services.every(([, ports]) => ports.every((p) => !p.open));
  draft.authorization = shut || everyClosed ? "deny" : "allow";
  for (const [service, ports] of services) {
    const open = ports.filter((p) => p.open);
    const all = open.length === ports.length;
    const needed = all ? draft.authorization === "deny" || admitting.has(service.key) : open.length > 0;
    if (!needed) continue;
    const to = { service: service.key, ports: all ? [] : open.map((p) => p.port) };
    draft.access.push({ to, action: "allow", from: [], operations: [], at: open[0]?.at ?? service.at });
  }
  dropDoubles(draft);
}

/** The same access twice says no more than once. */
export function dropDoubles({ access }: Draft): void {
  const seen = new Set<string>();
  const kept = access.filter((one) => {
    const key = contentText(one);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  access.splice(0, access.length, ...kept);
}
