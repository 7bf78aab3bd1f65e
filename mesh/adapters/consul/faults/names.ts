import { errorAt, type Diagnostic, type FieldPath } from "../../../../lib";
import { consulName, externalName, gatewayName } from "../names";
import type { Site } from "../site";

interface Named {
  readonly name: string;
  readonly what: string;
  readonly at: FieldPath;
}

/** Consul's free edition has one list of names, and knows pods by the name of their service account. */
export function nameFaults(site: Site): Diagnostic[] {
  return [...clashes(site), ...accounts(site), ...ports(site)];
}

function clashes({ intent }: Site): Diagnostic[] {
  const all: Named[] = [
    ...intent.services.map((s) => ({ name: consulName(s), what: `service ${s.key}`, at: s.at })),
    ...intent.gateways.map((g) => ({ name: gatewayName(g.name), what: `gateway ${g.name}`, at: g.at })),
    ...(intent.egress?.external ?? []).flatMap((e) =>
      e.ports.map(({ port }) => ({
        name: externalName(e, port),
        what: `external service ${e.name}`,
        at: e.at,
      })),
    ),
  ];
  const first = new Map<string, Named>();
  return all.flatMap((each) => {
    const earlier = first.get(each.name);
    first.set(each.name, earlier ?? each);
    if (earlier === undefined) return [];
    const message = `${each.what} and ${earlier.what} are both called ${each.name} in Consul, whose free edition has no namespaces`;
    return [errorAt(each.at, { code: "unsupported-name", message, hint: "give one of them another name" })];
  });
}

/** With ACLs a pod logs in by its service account, and is let be no other service than the one of that name. */
function accounts({ intent, options }: Site): Diagnostic[] {
  if (options.platform === "agents" || !options.acls) return [];
  return intent.services
    .filter((s) => s.workloads === "kubernetes" && s.serviceAccount !== s.name)
    .map((s) =>
      errorAt([...s.at, "serviceAccount"], {
        code: "unsupported-service-account",
        message: `pods of ${s.key} run as ${s.serviceAccount}, and Consul lets them register as a service of that name only`,
        hint: `call the service account ${s.name}`,
      }),
    );
}

function ports({ intent }: Site): Diagnostic[] {
  return intent.services
    .filter((s) => s.ports.length > 1)
    .map((s) =>
      errorAt([...s.at, "ports"], {
        code: "unsupported-ports",
        message: `${s.key} has ${s.ports.length} ports, and a service of Consul's has one: its proxy would let nothing reach the others`,
        hint: "make a service for each port",
      }),
    );
}
