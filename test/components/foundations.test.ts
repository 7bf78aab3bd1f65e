import { foundationsFirst, standsOn } from "../../components/steps/foundations";
import type { KubeObject } from "../../mesh/plan/types";

function object(kind: string, name: string, rest: object = {}): KubeObject {
  const apiVersion = ["Deployment", "StatefulSet"].includes(kind) ? "apps/v1" : "v1";
  return { apiVersion, kind, metadata: { name, namespace: "shop" }, ...rest };
}

const cart = object("Deployment", "cart", {
  spec: {
    template: {
      spec: {
        serviceAccountName: "cart",
        containers: [
          {
            name: "cart",
            envFrom: [{ configMapRef: { name: "settings" } }],
            env: [{ name: "KEY", valueFrom: { secretKeyRef: { name: "key", key: "key" } } }],
          },
        ],
        volumes: [
          { name: "app", configMap: { name: "app" } },
          { name: "tls", secret: { secretName: "tls" } },
          { name: "all", projected: { sources: [{ secret: { name: "token" } }] } },
          { name: "data", persistentVolumeClaim: { claimName: "data" } },
        ],
      },
    },
  },
});

describe("the order of objects within a step", () => {
  test("a workload waits for everything that its pods name, and for its namespace", () => {
    expect(standsOn(cart)).toEqual(
      expect.arrayContaining([
        "namespace shop",
        "ServiceAccount shop/cart",
        "ConfigMap shop/settings",
        "ConfigMap shop/app",
        "Secret shop/key",
        "Secret shop/tls",
        "Secret shop/token",
        "PersistentVolumeClaim shop/data",
      ]),
    );
  });

  test("what pods need comes before the workloads, however the user ordered them", () => {
    const service = object("Service", "cart");
    const config = object("ConfigMap", "app");
    const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    expect(foundationsFirst([cart, service, config, namespace])).toEqual([namespace, config, cart, service]);
  });

  test("a workload does not wait for its Service, which in turn waits for the workload's pods", () => {
    expect(standsOn(cart).filter((key) => key.startsWith("Service "))).toEqual([]);
  });
});
