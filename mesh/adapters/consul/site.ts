import { groupBy } from "../../../lib";
import { Lookup } from "../../intent/lookup";
import type { NormalizedIntent, Service } from "../../intent/types";
import { consulName } from "./names";
import type { ConsulOptions } from "./options";

/** What an intent is compiled from. */
export interface Site {
  readonly intent: NormalizedIntent;
  readonly options: ConsulOptions;
  readonly lookup: Lookup;
  readonly crowds: Crowds;
}

export function siteOf(intent: NormalizedIntent, options: ConsulOptions): Site {
  return { intent, options, lookup: new Lookup(intent), crowds: new Crowds(intent.services) };
}

/** Services by what they have in common. */
export class Crowds {
  private readonly byAccount: ReadonlyMap<string, readonly Service[]>;
  private readonly byNamespace: ReadonlyMap<string, readonly Service[]>;

  private readonly byName: ReadonlyMap<string, Service>;

  constructor(services: readonly Service[]) {
    this.byAccount = groupBy(services, accountOf);
    this.byNamespace = groupBy(services, (s) => s.namespace);
    this.byName = new Map(services.map((s) => [consulName(s), s]));
  }

  /** Those with the identity of this one, itself included. */
  sharing(service: Service): readonly Service[] {
    return this.byAccount.get(accountOf(service)) ?? [];
  }

  /** The one that Consul knows by this name. */
  named(name: string): Service | undefined {
    return this.byName.get(name);
  }

  within(namespace: string): readonly Service[] {
    return this.byNamespace.get(namespace) ?? [];
  }
}

const accountOf = ({ namespace, serviceAccount }: Service): string => `${namespace}/${serviceAccount}`;
