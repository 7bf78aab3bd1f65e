import { warningAt } from "../../lib";
import type { Rule } from "./types";

export const telemetryLockout: Rule = {
  code: "telemetry-lockout",
  title: "A collector of traces that is a service of the mesh admits every proxy.",
  check({ intent, lookup }) {
    const { telemetry } = intent;
    const endpoint = telemetry?.tracing?.endpoint;
    if (telemetry === undefined || endpoint === undefined) return [];
    const [name = "", namespace = ""] = (endpoint.split(":")[0] ?? "").split(".");
    const collector = lookup.service(`${namespace}/${name}`);
    if (collector === undefined) return [];
    const allows = intent.access.filter(
      ({ action, to }) => action === "allow" && to.service === collector.key,
    );
    const open = allows.some(({ from, operations, jwt }) => from.length + operations.length === 0 && !jwt);
    if (open || (allows.length === 0 && intent.authorization.default === "allow")) return [];
    return [
      warningAt([...telemetry.at, "tracing", "endpoint"], {
        code: "telemetry-lockout",
        message: `traces go to ${collector.key}, which does not admit every service, so spans would be lost`,
        hint: `add to access: { to: { service: ${collector.key} }, action: allow }`,
      }),
    ];
  },
};
