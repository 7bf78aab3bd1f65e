import type { Request } from "../envoy/match";
import { principalOf } from "../expect/access";
import type { Finding, Outcome } from "../types";
import { callerSeen, describeAnswer, isAnswered, isDenied, NO_ANSWER, type Answer } from "./answer";
import { podOfService, type Ground, type LivePod } from "./ground";
import { calledPorts, requestsBy, sentTo } from "./requests";
import { sendAs, type Sent } from "./sender";

/** One request from one workload to another, and what the intent says of it. */
interface Call {
  readonly caller: LivePod;
  readonly from: string;
  readonly to: string;
  readonly principal: string;
  readonly allowed: boolean;
  readonly sent: Sent;
}

/**
 * From a pod of every service to every service: one request that the intent allows, if there is one, and one that it
 * does not. The first must be answered by the application, the second refused by the callee's proxy.
 */
export async function calls(
  ground: Ground,
): Promise<{ readonly allowed: Outcome; readonly denied: Outcome }> {
  const planned = callers(ground).flatMap((caller) => callsFrom(ground, caller));
  const answers = new Map<Call, Answer>();
  for (const caller of callers(ground)) {
    const mine = planned.filter((call) => call.caller === caller);
    const got = await sendAs(
      ground,
      caller,
      mine.map((call) => call.sent),
    );
    mine.forEach((call, at) => answers.set(call, got[at] ?? NO_ANSWER));
  }
  const judged = planned.map((call) => ({
    call,
    answer: answers.get(call) ?? NO_ANSWER,
  }));
  return { allowed: allowedOutcome(judged), denied: deniedOutcome(judged) };
}

function callers(ground: Ground): LivePod[] {
  const pods = ground.expected.intent.services.flatMap((service) => podOfService(ground, service) ?? []);
  return [...new Set(pods)];
}

function callsFrom(ground: Ground, caller: LivePod): Call[] {
  const principal = principalOf(ground.expected, caller);
  return calledPorts(ground.expected).flatMap((called) => {
    if (podOfService(ground, called.service) === undefined) return [];
    const { allowed, denied } = requestsBy(ground.expected, principal, called);
    const call = (request: Request | undefined, isAllowed: boolean): Call[] =>
      request === undefined
        ? []
        : [
            {
              ...{ caller, principal, allowed: isAllowed },
              from: `${caller.namespace}/${caller.labels["app"] ?? caller.name}`,
              to: `${called.service.key}:${called.port.port}`,
              sent: sentTo(called.service, called.port, request),
            },
          ];
    return [...call(allowed[0], true), ...call(denied[0], false)];
  });
}

type Judged = readonly { readonly call: Call; readonly answer: Answer }[];

function allowedOutcome(judged: Judged): Outcome {
  const tried = judged.filter(({ call }) => call.allowed);
  const seen = tried.filter(({ answer }) => callerSeen(answer) !== undefined);
  const findings = tried.flatMap(({ call, answer }): Finding[] => {
    const where = `${call.from} → ${call.to}`;
    const what = `${call.sent.method} ${new URL(call.sent.url).pathname}`;
    if (!isAnswered(answer))
      return [{ where, message: `${what} is allowed, but got ${describeAnswer(answer)}` }];
    const caller = callerSeen(answer);
    if (caller === undefined || caller === call.principal) return [];
    return [{ where, message: `${what} reached the application as ${caller}, not as ${call.principal}` }];
  });
  const identities = `${seen.filter(({ call, answer }) => callerSeen(answer) === call.principal).length} of ${tried.length}`;
  return {
    figures: {
      "calls allowed": tried.length,
      answered: tried.length - findings.length,
      "caller's certificate seen by the application": identities,
    },
    findings,
  };
}

function deniedOutcome(judged: Judged): Outcome {
  const tried = judged.filter(({ call }) => !call.allowed);
  const findings = tried
    .filter(({ answer }) => !isDenied(answer))
    .map(({ call, answer }): Finding => ({
      where: `${call.from} → ${call.to}`,
      message: `${call.sent.method} ${new URL(call.sent.url).pathname} is not allowed, but got ${describeAnswer(answer)}`,
    }));
  return {
    figures: { "calls not allowed": tried.length, "refused (403)": tried.length - findings.length },
    findings,
  };
}
