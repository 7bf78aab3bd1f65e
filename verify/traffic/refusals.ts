import { principalOf } from "../expect/access";
import { nobody } from "../expect/access-probes";
import { modeOf } from "../expect/workloads";
import { tokenFor } from "../istiod";
import type { Finding, Outcome } from "../types";
import { describeAnswer, isAnswered, isCutOff, isDenied, type Answer } from "./answer";
import { foreignIdentity, meshIdentity } from "./certificates";
import { sendDirectly, type ClientIdentity, type DirectRequest } from "./direct";
import { podOfService, type Ground, type LivePod } from "./ground";
import { calledPorts, requestsBy } from "./requests";

/** A port of a pod that is knocked at from outside the mesh, with a request that an allowed caller might send. */
interface Door {
  readonly pod: LivePod;
  readonly where: string;
  readonly to: Omit<DirectRequest, "by">;
  /** A workload that may send it; none if nobody may. */
  readonly allowed?: LivePod;
}

/** Requests without TLS, sent from outside the mesh to the pods themselves, get nothing. */
export async function plaintext(ground: Ground): Promise<Outcome> {
  const doors = doorsOf(ground);
  const answers = await Promise.all(doors.map((door) => sendDirectly({ ...door.to, by: { kind: "plain" } })));
  const findings = doors.flatMap(({ where }, at): Finding[] => {
    const answer = answers[at];
    if (answer === undefined || isCutOff(answer)) return [];
    return [{ where, message: `it answers plaintext from outside the mesh: ${describeAnswer(answer)}` }];
  });
  return { figures: { ports: doors.length, refused: doors.length - findings.length }, findings };
}

interface Try {
  readonly what: string;
  readonly wanted: "cut off" | "denied" | "answered";
  readonly door: Door;
  readonly identity?: ClientIdentity;
}

/**
 * TLS from outside the mesh: without a certificate, and with one of a foreign authority for an identity that is
 * allowed, no request gets through; with a real one for an identity that is not allowed, it is denied; and, so that
 * these refusals mean something, with a real one for an allowed identity it is answered.
 */
export async function certificates(ground: Ground): Promise<Outcome> {
  const doors = doorsOf(ground);
  const identities = new Map<string, Promise<ClientIdentity>>();
  const issued = (namespace: string, name: string) => {
    const key = `${namespace}/${name}`;
    const made = identities.get(key) ?? realIdentity(ground, { namespace, name });
    identities.set(key, made);
    return made;
  };
  const foreign = new Map<string, ClientIdentity>();
  const tries: Try[] = [];
  for (const door of doors) {
    const principal = door.allowed ? principalOf(ground.expected, door.allowed) : nobody(ground.expected);
    const made = foreign.get(principal) ?? (await foreignIdentity(principal));
    foreign.set(principal, made);
    tries.push({ what: "no certificate", wanted: "cut off", door });
    tries.push({ what: `a foreign certificate for ${principal}`, wanted: "cut off", door, identity: made });
    if (door.allowed === undefined) continue;
    const { namespace, serviceAccount } = door.allowed;
    tries.push({
      what: `${principal}`,
      wanted: "answered",
      door,
      identity: await issued(namespace, serviceAccount),
    });
    if (ground.expected.intent.authorization.default === "allow") continue;
    tries.push({
      what: "an identity without access",
      wanted: "denied",
      door,
      identity: await issued(door.pod.namespace, "default"),
    });
  }
  return outcome(tries, await Promise.all(tries.map(knock)));
}

async function realIdentity(
  ground: Ground,
  account: { namespace: string; name: string },
): Promise<ClientIdentity> {
  return meshIdentity(ground.istiod.server, await tokenFor(ground.kube, account));
}

function knock({ door, identity }: Try): Promise<Answer> {
  return sendDirectly({ ...door.to, by: { kind: "tls", ...(identity && { identity }) } });
}

function outcome(tries: readonly Try[], answers: readonly Answer[]): Outcome {
  const meets = { "cut off": isCutOff, denied: isDenied, answered: isAnswered };
  const met = tries.map((one, at) => meets[one.wanted](answers[at] ?? { status: 0, headers: {}, body: "" }));
  const count = (wanted: Try["wanted"], what = "") => {
    const of = tries
      .map((one, at) => ({ one, met: met[at] }))
      .filter(({ one }) => one.wanted === wanted && one.what.startsWith(what));
    return `${of.filter((o) => o.met).length} of ${of.length}`;
  };
  return {
    figures: {
      "without certificate refused": count("cut off", "no certificate"),
      "foreign certificate refused": count("cut off", "a foreign"),
      "identity without access denied": count("denied"),
      "allowed identity answered": count("answered"),
    },
    findings: tries.flatMap((one, at): Finding[] => {
      const answer = answers[at];
      if (met[at] || answer === undefined) return [];
      return [
        {
          where: one.door.where,
          message: `${one.what} should be ${one.wanted}, but got ${describeAnswer(answer)}`,
        },
      ];
    }),
  };
}

/** Every strict HTTP port of a service of which a pod really runs. */
function doorsOf(ground: Ground): Door[] {
  return calledPorts(ground.expected).flatMap((called): Door[] => {
    const pod = podOfService(ground, called.service);
    if (pod === undefined || modeOf(ground.expected.intent, pod, called.port.targetPort) === "permissive")
      return [];
    const callers = ground.pods.map((caller) => ({
      caller,
      request: requestsBy(ground.expected, principalOf(ground.expected, caller), called).allowed[0],
    }));
    const found = callers.find(({ request }) => request !== undefined);
    const { method, path, headers } = found?.request ?? { method: "GET", path: "/", headers: {} };
    const host = `${called.service.name}.${called.service.namespace}:${called.port.port}`;
    return [
      {
        pod,
        where: `${pod.namespace}/${pod.name} port ${called.port.targetPort}`,
        to: { host: pod.ip, port: called.port.targetPort, method, path, headers: { ...headers, host } },
        ...(found !== undefined && { allowed: found.caller }),
      },
    ];
  });
}
