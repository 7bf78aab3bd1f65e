import type { KubeObject } from "../../../kube";
import { evaluate, parseJsonPath, type JsonPath } from "./json-path";
import { conditionOf, info, type Assessment, type Awaiter, type View } from "./types";

/** One condition of `pulumi.com/waitFor`. */
export interface UserCondition {
  /** As messages name it. */
  readonly text: string;
  holds(object: KubeObject): { readonly met: boolean; readonly found?: string };
}

/**
 * `jsonpath={.status.phase}=Running`, `jsonpath={.status.ip}` (any value), `condition=Ready`, `condition=Ready=False`,
 * or a JSON list of these. What is wrong with it, if it is none of them.
 */
export function parseConditions(annotation: string): readonly UserCondition[] | string {
  const texts = annotation.trimStart().startsWith("[") ? listIn(annotation) : [annotation];
  if (typeof texts === "string") return texts;
  const parsed = texts.map(parseCondition);
  const wrong = parsed.filter((condition): condition is string => typeof condition === "string");
  return wrong.length > 0
    ? wrong.join("; ")
    : parsed.filter((c): c is UserCondition => typeof c !== "string");
}

export function conditionAwaiter(conditions: readonly UserCondition[]): Awaiter {
  return { timeoutSeconds: 600, assess: (view) => assess(conditions, view) };
}

function assess(conditions: readonly UserCondition[], { object }: View): Assessment {
  const states = conditions.map((condition) => ({ condition, ...condition.holds(object) }));
  const status = states.map(({ condition, met, found }) => {
    const seen = found === undefined ? "" : ` (found ${JSON.stringify(found)})`;
    return info(met ? `Found ${condition.text}` : `Waiting for ${condition.text}${seen}`);
  });
  const unmet = states.filter(({ met }) => !met).map(({ condition }) => `${condition.text} was not met`);
  return { ready: unmet.length === 0, status, problems: unmet };
}

function listIn(annotation: string): readonly string[] | string {
  try {
    const list: unknown = JSON.parse(annotation);
    if (Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === "string")) return list;
  } catch {
    // Told below.
  }
  return `not a JSON list of conditions: ${annotation}`;
}

function parseCondition(text: string): UserCondition | string {
  if (text.startsWith("jsonpath=")) return jsonPathCondition(text.slice("jsonpath=".length));
  if (!text.startsWith("condition=")) return `"${text}" starts with neither "jsonpath=" nor "condition="`;
  const [type = "", status = "True"] = text.slice("condition=".length).split("=");
  if (!type) return `"${text}" names no condition`;
  return {
    text: `condition=${type}${status === "True" ? "" : `=${status}`}`,
    holds: (object) => {
      const found = conditionOf(object, type)?.status;
      return { met: found?.toLowerCase() === status.toLowerCase(), ...(found !== undefined && { found }) };
    },
  };
}

function jsonPathCondition(expression: string): UserCondition | string {
  const [, inner = expression, wanted] = /^(\{.*\})(?:=(.*))?$/s.exec(expression) ?? [];
  const path = parseJsonPath(inner);
  if (typeof path === "string") return path;
  return {
    text: wanted === undefined ? inner : `${inner}=${wanted}`,
    holds: (object) => found(object, { path, wanted }),
  };
}

function found(
  object: KubeObject,
  at: { path: JsonPath; wanted: string | undefined },
): ReturnType<UserCondition["holds"]> {
  const values = evaluate(at.path, object).map((value) =>
    typeof value === "string" ? value : JSON.stringify(value),
  );
  if (values.length === 0) return { met: false };
  if (at.wanted === undefined) return { met: true, found: values.join(" ") };
  return { met: values.every((value) => value === at.wanted), found: values.join(" ") };
}
