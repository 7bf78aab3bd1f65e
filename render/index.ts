export { renderPlan } from "./render";
export type { RenderContext } from "./types";
