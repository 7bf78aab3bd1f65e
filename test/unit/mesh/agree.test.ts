import type { JsonObject } from "../../../lib";
import { disagreements } from "../../../mesh/intent/agree";
import type { KubeObject } from "../../../mesh/plan/types";
import { inShort, valid } from "./intents";

const intent = valid({
  services: {
    "shop/cart": { serviceAccount: "cart", ports: [{ port: 80, targetPort: 8080 }] },
    "shop/elsewhere": { serviceAccount: "e", ports: [{ port: 80 }] },
  },
});

const service = (port: JsonObject, selector: JsonObject = { app: "cart" }): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "cart", namespace: "shop" },
  spec: { selector, ports: [port] },
});

const deployment = (labels: JsonObject, serviceAccountName?: string): KubeObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "cart", namespace: "shop" },
  spec: {
    template: { metadata: { labels }, spec: serviceAccountName === undefined ? {} : { serviceAccountName } },
  },
});

const said = (...objects: KubeObject[]): string[] => disagreements(intent, objects).map(inShort);
const port = { port: 80, targetPort: 8080 };

test("workloads that tell the same story, or that are not there, are fine", () => {
  expect(said(service(port), deployment({ app: "cart", version: "v1" }, "cart"))).toEqual([]);
  expect(said()).toEqual([]);
  expect(said(service({ port: 80, targetPort: "http" }))).toEqual([]);
});

test("a port that the Service does not have, or leads elsewhere, is an error", () => {
  const at = 'workload-port at services["shop/cart"].ports';
  expect(said(service({ port: 81 }))).toEqual([at]);
  expect(said(service({ port: 80 }))).toEqual([at]);
});

test("pods without the selector's labels would escape the policies", () => {
  expect(said(service(port, { component: "cart" }), deployment({ component: "cart" }, "cart"))).toEqual([
    'workload-selector at services["shop/cart"].selector',
  ]);
});

test("pods under another service account, or under none, are another caller", () => {
  const at = 'workload-identity at services["shop/cart"].serviceAccount';
  expect(said(service(port), deployment({ app: "cart" }, "crat"))).toEqual([at]);
  expect(said(service(port), deployment({ app: "cart" }))).toEqual([at]);
});

test("pods that the Service does not select are not looked at", () => {
  expect(said(service(port), deployment({ app: "other" }, "other"))).toEqual([]);
});
