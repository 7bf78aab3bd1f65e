import { contentText } from "../../intent/order";
import type { JwtCondition, Operation } from "../../intent/types";
import type { Field } from "../field";

/** Some requests that an intention allows or denies to one source. */
export interface Part {
  readonly action: "allow" | "deny";
  readonly operation: Operation;
  readonly jwt?: JwtCondition;
  readonly at: Field["at"];
}

/**
 * Requests that need no token at a service that looks at tokens. Consul is told in three permissions: they have no
 * header `Authorization`, or one that is no token, or a valid token.
 */
export class FreeOfTokens {
  private readonly found = new Map<string, { readonly part: Part; readonly read: Field[]; valid: boolean }>();

  /** Whether an allow is one of the three. */
  takes(permission: Field, operation: Operation): boolean {
    const key = contentText(operation);
    const known = this.found.get(key);
    if (saysNoToken(permission.get("http", "header"))) {
      const part: Part = { action: "allow", operation, at: permission.at };
      const one = known ?? { part, read: [], valid: false };
      one.read.push(permission);
      this.found.set(key, one);
      return true;
    }
    if (known === undefined || known.valid || !asksForAnyToken(permission.get("jwt"))) return false;
    known.valid = true;
    return true;
  }

  /** What the permissions say together; those to which the valid token is missing are lost. */
  parts(): Part[] {
    return [...this.found.values()].flatMap(({ part, read, valid }) => {
      if (valid) return [part];
      const message =
        "whoever has no token is let in: an intent can ask for a token, not for the lack of one";
      for (const permission of read) permission.lose({ message, security: true });
      return [];
    });
  }
}

function saysNoToken(header: Field): boolean {
  const [only, second] = header.items();
  if (only === undefined || second !== undefined) return false;
  const isToken = only.get("name").word("authorization", "Authorization") !== undefined;
  const isAbsent = only.get("present").flag() === true || only.get("contains").word("Bearer ") !== undefined;
  return isToken && isAbsent && only.get("invert").flag() === true;
}

/** A token with no claims asked of it. */
function asksForAnyToken(jwt: Field): boolean {
  const providers = jwt.get("providers").items();
  const plain = providers.every((p) => p.get("name").text() !== undefined && !p.get("verifyClaims").there);
  return jwt.there && plain && providers.length > 0;
}
