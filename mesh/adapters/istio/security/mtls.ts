import { byText, type JsonObject } from "../../../../lib";
import type { MtlsMode, MtlsOverride, NormalizedIntent, Service } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";

const UNTIL = "meshwright.dev/until";

/** The mesh's mode, and one object for each namespace or service that has exceptions. */
export function peerAuthentications({ intent, rootNamespace }: Site): KubeObject[] {
  const { mode, overrides } = intent.mtls;
  const namespaces = overrides.flatMap((o) =>
    o.namespace === undefined
      ? []
      : [authentication({ name: "default", namespace: o.namespace, overrides: [o], spec: modeOf(o.mode) })],
  );
  const services = intent.services.flatMap((service) => {
    const own = overrides.filter((o) => o.service === service.key);
    return own.length === 0 ? [] : [serviceAuthentication(service, own)];
  });
  return [
    authentication({ name: "default", namespace: rootNamespace, overrides: [], spec: modeOf(mode) }),
    ...namespaces,
    ...services,
  ];
}

/** Ports are those of the pods; a port that is not named has the mode of the service, its namespace, or the mesh. */
function serviceAuthentication(service: Service, overrides: readonly MtlsOverride[]): KubeObject {
  const whole = overrides.find((o) => o.port === undefined);
  const ports = service.ports.flatMap(({ port, targetPort }): [string, JsonObject][] => {
    const override = overrides.find((o) => o.port === port);
    return override === undefined ? [] : [[String(targetPort), { mode: override.mode.toUpperCase() }]];
  });
  return authentication({
    name: `${service.name}-mtls`,
    namespace: service.namespace,
    overrides,
    spec: {
      selector: { matchLabels: service.selector },
      ...(whole === undefined ? {} : modeOf(whole.mode)),
      ...(ports.length === 0 ? {} : { portLevelMtls: Object.fromEntries(ports) }),
    },
  });
}

function modeOf(mode: MtlsMode): JsonObject {
  return { mtls: { mode: mode.toUpperCase() } };
}

interface AuthenticationSeed {
  readonly name: string;
  readonly namespace: string;
  readonly overrides: readonly MtlsOverride[];
  readonly spec: JsonObject;
}

function authentication({ name, namespace, overrides, spec }: AuthenticationSeed): KubeObject {
  // The first of the exceptions to end is the day on which a policy has to look.
  const until = overrides.flatMap((o) => (o.until === undefined ? [] : [o.until])).sort(byText)[0];
  return kubeObject({
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    name,
    namespace,
    ...(until === undefined ? {} : { annotations: { [UNTIL]: until } }),
    spec,
  });
}

/** Whether every port of a service refuses plaintext, so that clients may be told never to send any. */
export function isStrict(service: Service, { mtls }: NormalizedIntent): boolean {
  const modeFor = (fits: (o: MtlsOverride) => boolean): MtlsMode | undefined =>
    mtls.overrides.find(fits)?.mode;
  return service.ports.every(({ port }) => {
    const mode =
      modeFor((o) => o.service === service.key && o.port === port) ??
      modeFor((o) => o.service === service.key && o.port === undefined) ??
      modeFor((o) => o.namespace === service.namespace) ??
      mtls.mode;
    return mode === "strict";
  });
}
