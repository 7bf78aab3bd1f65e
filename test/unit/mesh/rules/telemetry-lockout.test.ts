import { complaints, shop } from "../intents";

const intent = (access: object[], endpoint = "otel.ops.svc:4317") => ({
  ...shop(),
  services: {
    ...shop().services,
    "ops/otel": { serviceAccount: "otel", ports: [{ port: 4317, protocol: "grpc" }] },
  },
  telemetry: { tracing: { samplingPercent: 1, endpoint } },
  access: [...(shop().access ?? []), ...access],
});
const to = { service: "ops/otel" };

test("a collector in the mesh admits every proxy", () => {
  const place = ["telemetry-lockout at telemetry.tracing.endpoint"];
  expect(complaints(intent([]))).toEqual(place);
  expect(complaints(intent([{ to, action: "allow", from: [{ service: "shop/web" }] }]))).toEqual(place);
  expect(complaints(intent([{ to, action: "allow" }]))).toEqual([]);
});

test("a collector elsewhere is none of the mesh's business", () => {
  expect(complaints(intent([], "collector.example.com:4317"))).toEqual([]);
});
