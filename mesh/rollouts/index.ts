/** Changes of versions, run by Flagger in whatever mesh: what it is told, and what stands in its way. */
export { canary, rolledPort, type RolloutProvider } from "./canary";
export { rolloutFaults } from "./faults";
export { ROLLOUT_LABEL, rolloutSteps, type RolloutInput } from "./steps";
