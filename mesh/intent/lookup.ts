import { groupBy } from "../../lib";
import type { Access, Gateway, MtlsMode, NormalizedIntent, Route, Service } from "./types";

/** What an intent says of its services and gateways, by their names, so that nothing searches lists. */
export class Lookup {
  private readonly services: ReadonlyMap<string, Service>;
  private readonly gateways: ReadonlyMap<string, Gateway>;
  private readonly access: ReadonlyMap<string, readonly Access[]>;
  private readonly routes: ReadonlyMap<string, readonly Route[]>;
  private readonly overrides: ReadonlyMap<string, MtlsMode>;
  private readonly mode: MtlsMode;

  constructor(intent: NormalizedIntent) {
    this.services = new Map(intent.services.map((s) => [s.key, s]));
    this.gateways = new Map(intent.gateways.map((g) => [g.name, g]));
    this.access = groupBy(intent.access, ({ to }) => to.service);
    this.routes = groupBy(intent.routes, ({ for: target }) =>
      target.kind === "service" ? target.service : `gateway ${target.gateway}`,
    );
    this.overrides = new Map(
      intent.mtls.overrides.map((o) => [place(o.namespace ?? o.service ?? "", o.port), o.mode]),
    );
    this.mode = intent.mtls.mode;
  }

  service(key: string): Service | undefined {
    return this.services.get(key);
  }

  gateway(name: string): Gateway | undefined {
    return this.gateways.get(name);
  }

  /** The access entries of a service, in their order. */
  accessTo(service: string): readonly Access[] {
    return this.access.get(service) ?? [];
  }

  /** The routes for calls to a service, in their order. */
  routesFor(service: string): readonly Route[] {
    return this.routes.get(service) ?? [];
  }

  /** The routes for what comes through a gateway, in their order. */
  routesThrough(gateway: string): readonly Route[] {
    return this.routes.get(`gateway ${gateway}`) ?? [];
  }

  /** The mode that holds for a port of a service: of the most specific override, else of the mesh. */
  mtlsMode({ key, namespace }: Service, port: number): MtlsMode {
    const places = [place(key, port), place(key), place(namespace)];
    return places.map((one) => this.overrides.get(one)).find((mode) => mode !== undefined) ?? this.mode;
  }

  serviceKeys(): string[] {
    return [...this.services.keys()];
  }

  gatewayNames(): string[] {
    return [...this.gateways.keys()];
  }
}

/** Where an override holds. Namespaces and services cannot be mistaken for each other: only the latter have a slash. */
function place(name: string, port?: number): string {
  return `${name} ${port ?? ""}`;
}
