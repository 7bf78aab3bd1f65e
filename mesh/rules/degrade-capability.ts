import { didYouMean, errorAt } from "../../lib";
import { capability, isCapability } from "../capability/catalogue";
import { capabilityIds } from "../capability/ids";
import type { Rule } from "./types";

export const degradeCapability: Rule = {
  code: "degrade-capability",
  title: "What an intent gives up is a capability that there is, and none that secures.",
  check: ({ intent }) =>
    intent.degrade.flatMap(({ capability: id, at }) => {
      const place = [...at, "capability"];
      if (!isCapability(id)) {
        const message = `there is no capability ${JSON.stringify(id)}`;
        return [errorAt(place, { code: "degrade-capability", message, hint: didYouMean(id, capabilityIds) })];
      }
      if (!capability(id).security) return [];
      const message = `${id} secures the mesh and can never be given up`;
      const hint = "choose a mesh that has it, or take what asks for it out of the intent";
      return [errorAt(place, { code: "degrade-capability", message, hint })];
    }),
};
