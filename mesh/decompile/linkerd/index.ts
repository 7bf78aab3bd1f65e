import { present } from "../../../lib";
import type { Retry, RetryOn } from "../../intent/types";
import type { Draft } from "../draft";
import type { Dialect } from "../gateway-api/parents";
import { readGatewayApi } from "../gateway-api";
import { readHttpRoutes } from "../gateway-api/http-route";
import type { Item, Manifests } from "../manifests";
import { addVersions } from "../services";
import type { Source } from "../types";
import { goDuration } from "../values";
import { readDoors } from "./doors";
import { readEgress } from "./egress";
import { POLICY } from "./model";
import { readServiceProfiles } from "./service-profile";
import { readRateLimits, readServiceAnnotations } from "./services";
import { chosenBy } from "../services";

/** Linkerd's own policies, the Gateway API's routes as it reads them, and annotations of Services. */
export const linkerd: Source = {
  title: "Linkerd",
  security: [
    "AuthorizationPolicy",
    "MeshTLSAuthentication",
    "NetworkAuthentication",
    "Server",
    "ServerAuthorization",
  ],
  read: readLinkerd,
};

function readLinkerd(manifests: Manifests, draft: Draft): void {
  const skip = readEgress(manifests, draft);
  const context = readGatewayApi(manifests, draft, { ...DIALECT, skip });
  // Before the Gateway API's were read, routes of services were of Linkerd's own group.
  readHttpRoutes(
    manifests.take(POLICY, "HTTPRoute").filter((item) => !isInbound(item)),
    context,
  );
  readServiceProfiles(manifests, draft);
  readServiceAnnotations(manifests, draft);
  readDoors({ manifests, draft });
  readRateLimits(manifests, (server) => servicesAt(server, manifests, draft), draft);
  readLogs(manifests, draft);
  addVersions(manifests, draft);
}

function isInbound({ spec }: Item): boolean {
  return spec
    .get("parentRefs")
    .items()
    .some((ref) => ref.get("kind").text() === "Server");
}

function servicesAt(server: string, manifests: Manifests, draft: Draft): readonly { readonly key: string }[] {
  const item = manifests.take(POLICY, "Server").find((s) => `${s.namespace}/${s.name}` === server);
  if (item === undefined) return [];
  return chosenBy(draft, item.namespace, item.spec.get("podSelector", "matchLabels").textMap());
}

/** Logs are asked for by an annotation of a namespace; an intent's are the whole mesh's. */
function readLogs(manifests: Manifests, draft: Draft): void {
  const places = new Set([...draft.services.values()].map((s) => s.namespace));
  const logged = manifests
    .take("", "Namespace")
    .filter(
      (item) =>
        places.has(item.name) && item.annotations.get("config.linkerd.io/access-log").text() !== undefined,
    );
  if (logged.length === 0 || logged.length < places.size) return;
  draft.telemetry = { accessLogs: "all", metrics: true, at: logged[0]?.root.at ?? [] };
}

const WORDS = ["5xx", "gateway-error"] as const;

/** Retries are told by annotations, and expressions are anchored: Linkerd takes the first alternative otherwise. */
const DIALECT: Dialect = {
  regex: (text) => /^\^\(\?:([^]*)\)\$$/.exec(text)?.[1] ?? text,
  retry({ annotations }): Retry | undefined {
    const http = annotations.get("retry.linkerd.io/http").text();
    const limit = annotations.get("retry.linkerd.io/limit").text();
    const perTryTimeoutMs = goDuration(annotations.get("retry.linkerd.io/timeout").text() ?? "");
    if (http === undefined && limit === undefined) return undefined;
    const statuses = (http ?? "").split(",").flatMap((word): RetryOn[] => {
      const status = /^[45]\d\d$/.test(word.trim()) ? [Number(word)] : [];
      return [...WORDS.filter((w) => w === word.trim()), ...status];
    });
    const retries = Math.min(100, Math.max(1, Math.floor(Number(limit ?? "1")) || 1));
    return { retries, on: [...statuses, "connect-failure"], ...present({ perTryTimeoutMs }) };
  },
};
