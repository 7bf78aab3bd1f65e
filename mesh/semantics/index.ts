export { answers, statusSeenBy } from "./answers";
export { explanation } from "./explanation";
export { outcome } from "./outcome";
export type * from "./types";
