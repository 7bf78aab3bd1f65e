import { found } from "../../../lib";
import { parseIntent } from "../../../mesh/intent";
import { samples } from "../../support/intents";

test("every generated intent is valid", () => {
  for (const [i, { intent }] of samples(2000, 1).entries()) {
    const result = parseIntent(intent);
    if (!result.ok) {
      throw new Error(`sample ${i}: ${JSON.stringify(found(result), null, 1)}\n${JSON.stringify(intent, null, 1)}`);
    }
  }
});
