import { annotationFaults, metaKey, podAnnotations } from "../../../../mesh/adapters/consul/workloads";
import { inShort, valid } from "../intents";
import { planned, services } from "./plans";

const intent = valid({ services: { "shop/cart": { ...services["shop/cart"], selector: { app: "cart" } } } });
const deployment = (labels: object, annotations: object) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "cart-v1", namespace: "shop" },
  spec: { template: { metadata: { labels: { ...labels }, annotations: { ...annotations } } } },
});

test("pods of a version are asked for the annotations by which Consul knows it", () => {
  const bare = deployment({ app: "cart", version: "v1" }, {});
  expect(annotationFaults(intent, [bare]).map(inShort)).toEqual([
    'workload-annotation at services["shop/cart"].versions.v1',
  ]);
  const annotated = deployment(
    { app: "cart", version: "v1" },
    { "consul.hashicorp.com/service-meta-version": "v1" },
  );
  expect(annotationFaults(intent, [annotated])).toEqual([]);
});

test("pods of no version, or of another service, are left alone", () => {
  expect(
    annotationFaults(intent, [deployment({ app: "cart" }, {}), deployment({ app: "x", version: "v1" }, {})]),
  ).toEqual([]);
});

test("the plan tells the annotations that versions need", () => {
  expect(planned({ intent: { services } }).outputs["podAnnotations"]).toEqual({
    "shop/cart": {
      v1: { "consul.hashicorp.com/service-meta-version": "v1" },
      v2: { "consul.hashicorp.com/service-meta-version": "v2" },
    },
  });
});

test("labels become keys that Consul takes, short enough for an annotation, and apart", () => {
  expect(podAnnotations({ "app.kubernetes.io/version": "1" })).toEqual({
    "consul.hashicorp.com/service-meta-app_kubernetes_io_version": "1",
  });
  const long = (end: string): string => metaKey(`${"a".repeat(80)}${end}`);
  expect(long("x")).toHaveLength(50);
  expect(long("x")).not.toBe(long("y"));
});
