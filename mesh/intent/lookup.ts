import type { Gateway, NormalizedIntent, Service } from "./types";

/** Services and gateways of one intent by name, so that nothing searches lists. */
export class Lookup {
  private readonly services: ReadonlyMap<string, Service>;
  private readonly gateways: ReadonlyMap<string, Gateway>;

  constructor(intent: NormalizedIntent) {
    this.services = new Map(intent.services.map((s) => [s.key, s]));
    this.gateways = new Map(intent.gateways.map((g) => [g.name, g]));
  }

  service(key: string): Service | undefined {
    return this.services.get(key);
  }

  gateway(name: string): Gateway | undefined {
    return this.gateways.get(name);
  }

  serviceKeys(): string[] {
    return [...this.services.keys()];
  }

  gatewayNames(): string[] {
    return [...this.gateways.keys()];
  }
}
