import fc from "fast-check";
import { contentKey } from "../../../mesh/decompile/content";
import { writeIntent } from "../../../mesh/decompile";
import { parseIntent } from "../../../mesh/intent";
import { intents } from "../../support/intents";

test("an intent that is written is the same intent when it is read again", () => {
  fc.assert(
    fc.property(intents(), ({ intent }) => {
      const first = parseIntent(intent);
      if (!first.ok) return;
      const again = parseIntent(writeIntent(first.value));
      expect(again.ok ? contentKey(again.value) : again.diagnostics).toEqual(contentKey(first.value));
    }),
    { numRuns: 400 },
  );
});
