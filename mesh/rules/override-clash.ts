import { errorAt, formatPath } from "../../lib";
import type { MtlsOverride } from "../intent/types";
import type { Rule } from "./types";

export const overrideClash: Rule = {
  code: "override-clash",
  title: "An mTLS override names one namespace, service or port, and no two name the same.",
  check({ intent }) {
    const seen = new Map<string, MtlsOverride>();
    return intent.mtls.overrides.flatMap((override) => {
      const { namespace, service, port, at } = override;
      if ((namespace === undefined) === (service === undefined)) {
        const message = "an override names either a namespace or a service";
        return [errorAt(at, { code: "override-clash", message })];
      }
      if (namespace !== undefined && port !== undefined) {
        return [
          errorAt([...at, "port"], {
            code: "override-clash",
            message: "port belongs to a service's override",
          }),
        ];
      }
      const place = `${namespace ?? ""} ${service ?? ""} ${port ?? ""}`;
      const earlier = seen.get(place);
      seen.set(place, earlier ?? override);
      if (earlier === undefined) return [];
      const message = `the override at ${formatPath(earlier.at)} names the same ${service === undefined ? "namespace" : "service"}`;
      return [errorAt(at, { code: "override-clash", message, hint: "keep one of the two" })];
    });
  },
};
