import type { Service } from "../../mesh/intent/types";
import type { Request } from "../envoy/match";
import { isAllowed, principalOf } from "../expect/access";
import { nobody } from "../expect/access-probes";
import { modeOf } from "../expect/workloads";
import { tokenFor } from "../istiod";
import type { Finding, Outcome } from "../types";
import { describeAnswer, isAnswered, isCutOff, isDenied, NO_ANSWER, type Answer } from "./answer";
import { foreignIdentity, meshIdentity } from "./certificates";
import { sendDirectly, type ClientIdentity, type DirectRequest } from "./direct";
import { podOfService, type Ground, type LivePod } from "./ground";
import { calledPorts, requestsBy } from "./requests";

/** A port of a pod that is knocked at from outside the mesh, with a request that an allowed caller might send. */
interface Door {
  readonly pod: LivePod;
  readonly where: string;
  readonly to: Omit<DirectRequest, "by">;
  readonly service: Service;
  readonly request: Request;
  /** A workload that may send it; none if nobody may. */
  readonly allowed?: LivePod;
}

const AT_ONCE = 16;

/** Requests without TLS, sent from outside the mesh to the pods themselves, get nothing. */
export async function plaintext(ground: Ground): Promise<Outcome> {
  const doors = doorsOf(ground);
  const answers = await Promise.all(doors.map((door) => sendDirectly({ ...door.to, by: { kind: "plain" } })));
  const findings = doors.flatMap(({ where }, at): Finding[] => {
    const answer = answers[at] ?? NO_ANSWER;
    if (isCutOff(answer)) return [];
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
 * TLS from outside the mesh, each time on a connection of its own: without a certificate, and with one of a foreign
 * authority for an identity that is allowed, no request gets through. With a real one for each identity of the intent
 * and for one that it does not know, the request is answered or denied as the intent says: so the refusals mean something.
 */
export async function certificates(ground: Ground): Promise<Outcome> {
  const accounts = accountsOf(ground);
  const real = await Promise.all(accounts.map((account) => realIdentity(ground, account)));
  const tries: Try[] = [];
  for (const door of doorsOf(ground)) {
    const principal = door.allowed ? principalOf(ground.expected, door.allowed) : nobody(ground.expected);
    const foreign = await foreignIdentity(principal);
    tries.push({ what: "no certificate", wanted: "cut off", door });
    tries.push({
      what: `a foreign certificate for ${principal}`,
      wanted: "cut off",
      door,
      identity: foreign,
    });
    accounts.forEach((account, at) => {
      const identity = real[at];
      const who = principalOf(ground.expected, account);
      const request = { ...door.request, principal: who };
      const wanted = isAllowed(ground.expected, door.service, request) ? "answered" : "denied";
      if (identity !== undefined) tries.push({ what: who, wanted, door, identity });
    });
  }
  return outcome(tries, await inTurns(tries));
}

/** Those of the services and gateways that run, and in each namespace the account that pods have by default. */
function accountsOf(ground: Ground): { namespace: string; serviceAccount: string }[] {
  const live = ground.pods.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount }));
  const all = live.flatMap((account) => [
    account,
    { namespace: account.namespace, serviceAccount: "default" },
  ]);
  return [
    ...new Map(all.map((account) => [`${account.namespace}/${account.serviceAccount}`, account])).values(),
  ];
}

async function realIdentity(
  ground: Ground,
  { namespace, serviceAccount }: { namespace: string; serviceAccount: string },
) {
  return meshIdentity(ground.istiod.server, await tokenFor(ground.kube, { namespace, name: serviceAccount }));
}

/** All of them, a few at a time. */
async function inTurns(tries: readonly Try[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < tries.length; at += AT_ONCE) {
    answers.push(...(await Promise.all(tries.slice(at, at + AT_ONCE).map(knock))));
  }
  return answers;
}

function knock({ door, identity }: Try): Promise<Answer> {
  return sendDirectly({ ...door.to, by: { kind: "tls", ...(identity && { identity }) } });
}

const MEETS = { "cut off": isCutOff, denied: isDenied, answered: isAnswered };

function outcome(tries: readonly Try[], answers: readonly Answer[]): Outcome {
  const done = tries.map((one, at) => {
    const answer = answers[at] ?? NO_ANSWER;
    return { ...one, answer, met: MEETS[one.wanted](answer) };
  });
  const count = (of: typeof done) => `${of.filter((one) => one.met).length} of ${of.length}`;
  return {
    figures: {
      "without certificate refused": count(done.filter((one) => one.identity === undefined)),
      "foreign certificate refused": count(done.filter((one) => one.identity && one.wanted === "cut off")),
      "identities without access denied": count(done.filter((one) => one.wanted === "denied")),
      "identities with access answered": count(done.filter((one) => one.wanted === "answered")),
    },
    findings: done
      .filter((one) => !one.met)
      .map(({ door, what, wanted, answer }) => ({
        where: door.where,
        message: `${what} should be ${wanted}, but got ${describeAnswer(answer)}`,
      })),
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
    const { service, port } = called;
    const request = found?.request ?? plainRequest(port.targetPort);
    const { method, path, headers } = request;
    return [
      {
        ...{ pod, service, request },
        where: `${pod.namespace}/${pod.name} port ${port.targetPort}`,
        to: {
          ...{ host: pod.ip, port: port.targetPort, method, path },
          headers: { ...headers, host: `${service.name}.${service.namespace}:${port.port}` },
        },
        ...(found !== undefined && { allowed: found.caller }),
      },
    ];
  });
}

function plainRequest(port: number): Request {
  return { method: "GET", path: "/", headers: {}, query: {}, host: "", port };
}
