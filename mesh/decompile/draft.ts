import { warningAt, type Diagnostic, type FieldPath } from "../../lib";
import type {
  Access,
  ExternalAuthorization,
  ExternalService,
  Gateway,
  JwtProvider,
  Listener,
  MtlsMode,
  MtlsOverride,
  NormalizedIntent,
  Protocol,
  Rollout,
  Route,
  Service,
  ServiceTraffic,
  ServiceVersion,
  Telemetry,
} from "../intent/types";

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A service's port; `name` is the Service's own word for it. */
export interface DraftPort {
  readonly port: number;
  readonly name?: string;
  targetPort: number;
  protocol: Protocol;
}

export interface DraftService extends Omit<Mutable<Service>, "ports" | "versions" | "traffic"> {
  ports: DraftPort[];
  versions: ServiceVersion[];
  traffic: Mutable<ServiceTraffic>;
  /** Percent; in an intent it is the rules' that retry the service. */
  retryBudget?: number;
}

export interface DraftGateway extends Omit<Mutable<Gateway>, "listeners"> {
  /** Where its object is. */
  readonly namespace: string;
  /** Labels of its pods, where the mesh finds them by labels. */
  readonly selector: { readonly [key: string]: string };
  /** `namespace/name` of the accounts that its pods run as, where manifests tell. */
  readonly accounts?: readonly string[];
  listeners: Listener[];
}

export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** The intent while it is being read together. `at` is where the manifests say so. */
export class Draft {
  readonly services = new Map<string, DraftService>();
  /** Services that are versions of another one, by their key. */
  readonly versions = new Map<string, { readonly service: string; readonly version: string }>();
  readonly gateways = new Map<string, DraftGateway>();
  /** `namespace/name` of proxies that carry the mesh's own traffic, which is also their account. */
  readonly waypoints = new Set<string>();
  readonly routes: Route[] = [];
  readonly access: Access[] = [];
  readonly jwtProviders: JwtProvider[] = [];
  readonly externalAuthorization: ExternalAuthorization[] = [];
  readonly external: ExternalService[] = [];
  readonly overrides: MtlsOverride[] = [];
  readonly rollouts: Rollout[] = [];
  /** What the language means where nothing is said; each source sets its own. */
  mode: MtlsMode = "strict";
  trustDomain = "cluster.local";
  authorization: "deny" | "allow" = "deny";
  egress: "deny" | "allow" | undefined;
  telemetry: Telemetry | undefined;
  /** Addresses of collectors of traces by the name that the mesh knows them by. */
  readonly collectors = new Map<string, string>();
  /** Whether the mesh retries where nothing is said of it. */
  retriesByDefault = true;
  ca: NormalizedIntent["mtls"]["ca"] = { kind: "mesh", at: [] };

  constructor(readonly losses: Diagnostic[]) {}

  /** The service, which is made up where no manifest tells of it. */
  service({ namespace, name }: Place, at: FieldPath): DraftService {
    const key = `${namespace}/${name}`;
    const known = this.known(key);
    if (known !== undefined) return known;
    const message = `service ${key} is not among the manifests: its service account, selector and ports are guessed`;
    const hint = "add its Service and its Deployment to what is imported";
    this.losses.push(warningAt(at, { code: "assumed", message, hint }));
    return this.addService({ namespace, name }, at);
  }

  /** The service of this key, or the one that it is a version of. */
  known(key: string): DraftService | undefined {
    return this.services.get(key) ?? this.services.get(this.versions.get(key)?.service ?? "");
  }

  /** The service and version behind a Kubernetes Service, which may be that of one version. */
  backend(
    { namespace, name }: Place,
    at: FieldPath,
  ): { readonly service: DraftService; readonly version?: string } {
    const folded = this.versions.get(`${namespace}/${name}`);
    const whole = folded === undefined ? undefined : this.services.get(folded.service);
    if (folded === undefined || whole === undefined)
      return { service: this.service({ namespace, name }, at) };
    return { service: whole, version: folded.version };
  }

  addService({ namespace, name }: Place, at: FieldPath): DraftService {
    const key = `${namespace}/${name}`;
    const made: DraftService = {
      key,
      namespace,
      name,
      serviceAccount: name,
      sharesServiceAccount: false,
      selector: { app: name },
      ports: [],
      versions: [],
      workloads: "kubernetes",
      clusters: [],
      traffic: { rateLimits: [], at },
      at,
    };
    this.services.set(key, made);
    return made;
  }

  /** A port that something refers to; added where the service is one that was made up. */
  port(service: DraftService, port: number, protocol: Protocol): DraftPort {
    const known = service.ports.find((p) => p.port === port);
    if (known !== undefined) return known;
    const made: DraftPort = { port, targetPort: port, protocol };
    service.ports.push(made);
    return made;
  }

  assume(at: FieldPath, message: string, hint: string): void {
    this.losses.push(warningAt(at, { code: "assumed", message, hint }));
  }
}
