import { found } from "../../../../lib";
import { parseIntent } from "../../../../mesh/intent";
import { complaints, shop } from "../intents";

const intent = (capability: string) => ({
  ...shop(),
  degrade: [{ capability, at: "routes[0].rules[0]", reason: "we can do without" }],
});

test("what is given up is a capability, and one may be meant that is near", () => {
  expect(complaints(intent("retry.budget"))).toEqual([]);
  expect(complaints(intent("retry.bugdet"))).toEqual(["degrade-capability at degrade[0].capability"]);
  expect(found(parseIntent(intent("retry.bugdet")))[0]?.hint).toBe('did you mean "retry.budget"?');
  expect(complaints(intent("constructor"))).toEqual(["degrade-capability at degrade[0].capability"]);
});

test.each(["mtls.strict", "access.deny", "jwt.remoteKeys", "egress.deny", "externalAuthorization"])(
  "%s is never given up",
  (capability) => {
    expect(complaints(intent(capability))).toEqual(["degrade-capability at degrade[0].capability"]);
  },
);
