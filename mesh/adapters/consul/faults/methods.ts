import { errorAt, type Diagnostic, type FieldPath } from "../../../../lib";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

/** Methods that Consul refuses, in routes and in permissions. */
export function methodFault(method: string, at: FieldPath): Diagnostic[] {
  if (METHODS.includes(method)) return [];
  const message = `Consul knows no method ${JSON.stringify(method)}`;
  return [errorAt(at, { code: "unsupported-method", message, hint: `one of ${METHODS.join(", ")}` })];
}
