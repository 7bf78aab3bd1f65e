import type { Gateway, MtlsMode, NormalizedIntent, Service } from "./types";

/** Services, gateways and mTLS modes of one intent by name, so that nothing searches lists. */
export class Lookup {
  private readonly services: ReadonlyMap<string, Service>;
  private readonly gateways: ReadonlyMap<string, Gateway>;
  private readonly overrides: ReadonlyMap<string, MtlsMode>;
  private readonly mode: MtlsMode;

  constructor(intent: NormalizedIntent) {
    this.services = new Map(intent.services.map((s) => [s.key, s]));
    this.gateways = new Map(intent.gateways.map((g) => [g.name, g]));
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
