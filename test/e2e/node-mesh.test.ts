import { execInPod } from "../../embedded/node/exec";
import type { KubeObject } from "../../kube";
import { eventually } from "./cluster/support";
import { applyAll, describeOnProcessNode, get, podsOf, readyPods, renderIstio } from "./node/support";

const SERVER = `
const http = require("http"), os = require("os");
const server = http.createServer((request, response) => {
  response.end(JSON.stringify({ by: os.hostname(), client: request.headers["x-forwarded-client-cert"] }));
});
server.listen(8080);
process.on("SIGTERM", () => process.exit(0));
`;

/** What the stock Envoy needs, see embedded/node/README.md. */
const VALUES = {
  global: { hub: "docker.io/istio", tag: "any" },
  autoscaleEnabled: false,
  pilot: { env: { PILOT_ENABLE_ALPN_FILTER: "false", PILOT_ENABLE_METADATA_EXCHANGE: "false" } },
  meshConfig: { defaultProviders: { metrics: [] } },
};

const named = (name: string, namespace = "shop") => ({ name, namespace });

function app(name: string): KubeObject[] {
  const labels = { app: name };
  const container = {
    name: "app",
    image: "docker.io/library/node:20-alpine",
    command: ["node", "/app/server.js"],
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
    volumeMounts: [{ name: "app", mountPath: "/app" }],
  };
  const volumes = [{ name: "app", configMap: { name: "app" } }];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: named(name) },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: named(name),
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: name, containers: [container], volumes },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: named(name),
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
    },
  ];
}

const istio = (group: string, kind: string, metadata: object, spec: object): KubeObject => ({
  apiVersion: `${group}.istio.io/v1`,
  kind,
  metadata: metadata as KubeObject["metadata"],
  spec,
});

const allow = (caller: string): KubeObject =>
  istio("security", "AuthorizationPolicy", named("api"), {
    selector: { matchLabels: { app: "api" } },
    rules: [{ from: [{ source: { principals: [`cluster.local/ns/shop/sa/${caller}`] } }] }],
  });

describeOnProcessNode(
  "a real mesh on the process node",
  ["pilot-discovery", "pilot-agent", "envoy", "helm"],
  ({ client }) => {
    const one = async (name: string) => {
      const [pod] = await readyPods(client(), ["shop", `app=${name}`], 1);
      if (pod === undefined) throw new Error(`no pod of ${name}`);
      return pod;
    };
    /** What the app in `caller` gets from `url`: the status and body, or the code of what went wrong. */
    const call = async (caller: string, url: string): Promise<string> => {
      const code = `fetch(process.argv[1]).then(async (r) => console.log(r.status, await r.text()), (e) => console.log(e.cause.code))`;
      const { name } = await one(caller);
      return (
        await execInPod("node-test", { namespace: "shop", name }, { argv: ["node", "-e", code, url] })
      ).stdout.trim();
    };

    beforeAll(async () => {
      await applyAll(client(), [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system" } },
        ...renderIstio("base", "base", VALUES),
        ...renderIstio("istiod", "istiod", VALUES),
      ]);
      await readyPods(client(), ["istio-system", "app=istiod"], 1);
      await applyAll(client(), [
        istio("security", "PeerAuthentication", named("default", "istio-system"), {
          mtls: { mode: "STRICT" },
        }),
        {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "shop", labels: { "istio-injection": "enabled" } },
        },
        { apiVersion: "v1", kind: "ConfigMap", metadata: named("app"), data: { "server.js": SERVER } },
        ...app("web"),
        ...app("api"),
      ]);
      await Promise.all([one("web"), one("api")]);
    }, 180_000);

    test("istiod's own webhooks are called through its Service: a wrong weight is refused", async () => {
      const route = { destination: { host: "api" }, weight: -5 };
      const wrong = istio("networking", "VirtualService", named("wrong"), {
        hosts: ["api"],
        http: [{ route: [route] }],
      });
      await expect(applyAll(client(), [wrong])).rejects.toThrow("weight -5 < 0");
    });

    test("pods come up with real sidecars", async () => {
      const { object, restarts } = await one("web");
      const { containers } = object["spec"] as { containers: { name: string }[] };
      expect(containers.map(({ name }) => name).sort()).toEqual(["app", "istio-proxy"]);
      expect(restarts).toEqual([0, 0]);
      const version = await execInPod(
        "node-test",
        { namespace: "shop", name: object.metadata.name ?? "" },
        {
          container: "istio-proxy",
          argv: ["pilot-agent", "request", "GET", "server_info"],
        },
      );
      expect(JSON.parse(version.stdout)).toMatchObject({ state: "LIVE" });
    });

    test("one service calls another over mutual TLS", async () => {
      const answer = await call("web", "http://api/");
      expect(answer).toMatch(/^200 /);
      expect(answer).toContain("URI=spiffe://cluster.local/ns/shop/sa/web");
      expect(answer).toContain("By=spiffe://cluster.local/ns/shop/sa/api");
    });

    test("plaintext is refused, from this machine and from another pod", async () => {
      const { ip } = await one("api");
      expect((await get(`http://${ip}:8080/`)).code).toBe("ECONNRESET");
      expect(await call("web", `http://${ip}:8080/`)).toBe("ECONNRESET");
    });

    test("who may call is decided by the caller's certificate", async () => {
      await applyAll(client(), [allow("nobody")]);
      const denied = await eventually(async () =>
        (await call("web", "http://api/")).startsWith("403") ? true : undefined,
      );
      expect(denied).toBe(true);
      await applyAll(client(), [allow("web")]);
      const allowed = await eventually(async () =>
        (await call("web", "http://api/")).startsWith("200") ? true : undefined,
      );
      expect(allowed).toBe(true);
    });

    test("the gateway's pod, whose image the injector fills in, takes calls from outside on port 80", async () => {
      const gateway = {
        selector: { istio: "gateway" },
        servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] }],
      };
      const route = {
        hosts: ["*"],
        gateways: ["outside"],
        http: [{ route: [{ destination: { host: "web.shop.svc.cluster.local" } }] }],
      };
      await applyAll(client(), [
        ...renderIstio("gateway", "gateway", {
          service: { type: "ClusterIP" },
          autoscaling: { enabled: false },
        }),
        istio("networking", "Gateway", named("outside"), gateway),
        istio("networking", "VirtualService", named("outside"), route),
      ]);
      await readyPods(client(), ["istio-system", "app=gateway"], 1);
      const service = await client().get({
        apiVersion: "v1",
        kind: "Service",
        name: "gateway",
        namespace: "istio-system",
      });
      const { clusterIP } = service["spec"] as { clusterIP: string };
      const answer = await eventually(async () => {
        const got = await get(`http://${clusterIP}/`);
        return got.code === 200 ? got.body : undefined;
      });
      expect(answer).toContain("URI=spiffe://cluster.local/ns/istio-system/sa/gateway");
    });

    test("a sidecar that is killed comes back and serves again", async () => {
      const before = await one("api");
      const run = await execInPod(
        "node-test",
        { namespace: "shop", name: before.name },
        {
          container: "istio-proxy",
          argv: ["sh", "-c", "kill -9 $(pidof envoy)"],
        },
      );
      expect(run.stderr).toBe("");
      const back = await eventually(async () => {
        const [pod] = await podsOf(client(), "shop", "app=api");
        return pod?.ready === true && pod.restarts.includes(1) ? true : undefined;
      });
      expect(back).toBe(true);
      const answer = await eventually(async () =>
        (await call("web", "http://api/")).startsWith("200") ? true : undefined,
      );
      expect(answer).toBe(true);
    });
  },
);
