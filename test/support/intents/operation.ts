import { versionsOf, type Draft } from "./draft";

/** What is seen of the mesh, how versions follow one another, and where workloads run. */
export function addOperation(draft: Draft): void {
  const { dice, intent, wants } = draft;
  const tracing = wants("telemetry.tracing")
    ? { tracing: { samplingPercent: dice.pick([1, 10, 100]), endpoint: "collector.observability:4317" } }
    : {};
  const logs = wants("telemetry.accessLogs")
    ? { accessLogs: wants("telemetry.accessLogs.errors") ? ("errors" as const) : ("all" as const) }
    : {};
  const metrics = wants("telemetry.metrics") ? { metrics: true } : {};
  const telemetry = { ...tracing, ...logs, ...metrics };
  if (Object.keys(telemetry).length > 0) {
    intent.telemetry = { ...telemetry, ...(wants("telemetry.metrics") ? {} : { metrics: false }) };
  }
  addRollouts(draft);
  addPlaces(draft);
}

function addRollouts({ intent, wants }: Draft): void {
  const success = { successRate: 99, p99: "500ms" };
  const service = (name: string) => {
    intent.services[`blue/${name}`] = {
      serviceAccount: name,
      ports: [{ port: 80 }],
      versions: versionsOf(["v1", "v2"]),
    };
    return { service: `blue/${name}`, from: "v1", to: "v2", success };
  };
  const rollouts: NonNullable<typeof intent.rollouts> = [];
  if (wants("rollout.canary")) {
    rollouts.push({ ...service("canary"), strategy: "canary", steps: [5, 50, 100], interval: "1m" });
  }
  if (wants("rollout.blueGreen")) rollouts.push({ ...service("green"), strategy: "blueGreen" });
  if (rollouts.length > 0) intent.rollouts = rollouts;
}

function addPlaces({ intent, wants }: Draft): void {
  if (wants("federation")) {
    intent.federation = {
      trust: wants("federation.sharedRoot") ? "shared-root" : "mesh",
      clusters: { east: {}, west: {} },
    };
  }
  if (wants("workloads.vm"))
    intent.services["edge/vm"] = { serviceAccount: "vm", ports: [{ port: 80 }], workloads: "vm" };
  if (wants("workloads.ecs"))
    intent.services["edge/task"] = { serviceAccount: "task", ports: [{ port: 80 }], workloads: "ecs" };
  if (wants("service.clusters")) {
    intent.services["edge/east"] = { serviceAccount: "east", ports: [{ port: 80 }], clusters: ["east"] };
  }
}
