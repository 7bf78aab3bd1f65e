import { canonicalText, type Json } from "../../lib";
import { contentText } from "../intent/order";

/** Equal for values that say the same, wherever they are written and in whatever order their parts are. */
export function contentKey(value: object): string {
  return canonicalText(JSON.parse(contentText(value)) as Json);
}
