import { errorAt, warningAt, type Diagnostic, type JsonObject } from "../../../lib";
import type { Site } from "./site";

/** The chart's values for traces; nothing where none are wanted. */
export function tracingValues({ intent, options }: Site): JsonObject {
  const endpoint = intent.telemetry?.tracing?.endpoint;
  if (endpoint === undefined) return {};
  const collector = options.tracing;
  return {
    tracing: {
      enabled: true,
      collector: {
        endpoint,
        ...(collector === undefined
          ? {}
          : {
              meshIdentity: {
                namespace: collector.namespace,
                serviceAccountName: collector.serviceAccount,
              },
            }),
      },
    },
  };
}

/** What an intent says of telemetry that Linkerd cannot do for just these values. */
export function telemetryFaults({ intent, options }: Site): Diagnostic[] {
  const { telemetry } = intent;
  if (telemetry === undefined) return [];
  const { tracing, metrics, at } = telemetry;
  const found: Diagnostic[] = [];
  if (tracing !== undefined && tracing.endpoint === undefined) {
    found.push(
      errorAt([...at, "tracing"], {
        code: "unsupported-tracing",
        message: "Linkerd has no collector of traces of its own to send them to",
        hint: "give endpoint: host:port of an OTLP collector",
      }),
    );
  }
  if (tracing !== undefined && tracing.samplingPercent < 100) {
    found.push(
      warningAt([...at, "tracing", "samplingPercent"], {
        code: "sampling-elsewhere",
        message:
          "Linkerd's proxies sample nothing themselves: they trace what the first service or ingress marked",
        hint: "set the sampling there",
      }),
    );
  }
  const scraped = options.scrapers.namespaces.length + options.scrapers.ipBlocks.length > 0;
  const closed = intent.authorization.default === "deny" || intent.mtls.mode === "strict";
  if (metrics && closed && !scraped) {
    found.push(
      warningAt([...at, "metrics"], {
        code: "nobody-scrapes",
        message: "the proxies' metrics are there, and this intent lets nobody without an identity read them",
        hint: "name who does: scrapers: { namespaces: [monitoring] } in the mesh's options",
      }),
    );
  }
  return found;
}
