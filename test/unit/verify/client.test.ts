import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import type { ServiceDefinition } from "@grpc/proto-loader";
import { issue, type Identity } from "../../../embedded/cluster/certificate";
import { fetchProxyConfig, XdsError, type XdsServer } from "../../../verify/xds/client";
import { protos } from "../../../verify/xds/protos";

interface Asked {
  readonly typeUrl: string;
  readonly resourceNames?: readonly string[];
  readonly versionInfo?: string;
  readonly responseNonce?: string;
  readonly errorDetail?: { readonly message: string };
  readonly node?: { readonly id?: string };
}
type Stream = ServerDuplexStream<Asked, object>;
type Answer = (asked: Asked, stream: Stream) => void;

const TYPE = "type.googleapis.com/";
const CLUSTER = `${TYPE}envoy.config.cluster.v3.Cluster`;
const LISTENER = `${TYPE}envoy.config.listener.v3.Listener`;
const ENDPOINTS = `${TYPE}envoy.config.endpoint.v3.ClusterLoadAssignment`;
const as = {
  identity: {
    ...{ role: "sidecar" as const, namespace: "shop", pod: "cart-1", serviceAccount: "cart", labels: {} },
    ...{ nodeId: "sidecar~10.0.0.1~cart-1.shop~shop.svc.cluster.local", metadata: { NAMESPACE: "shop" } },
  },
  token: "token",
};

let authority: Identity;
let certificate: Identity;
let server: Server | undefined;

beforeAll(async () => {
  const now = new Date();
  authority = await issue({ commonName: "root", use: "authority", names: [], days: 1 }, undefined, now);
  const profile = {
    commonName: "istiod",
    use: "server" as const,
    names: ["istiod.istio-system.svc"],
    days: 1,
  };
  certificate = await issue(profile, authority, now);
});
afterEach(() => server?.forceShutdown());

/** A discovery service that answers as the test says, and everything that it was asked. */
async function serve(
  answer: Answer,
): Promise<{ readonly xds: XdsServer; readonly asked: Asked[]; readonly tokens: unknown[] }> {
  const asked: Asked[] = [];
  const tokens: unknown[] = [];
  server = new Server();
  const service = protos()["envoy.service.discovery.v3.AggregatedDiscoveryService"] as ServiceDefinition;
  server.addService(service, {
    StreamAggregatedResources: (stream: Stream) => {
      tokens.push(...stream.metadata.get("authorization"));
      stream.on("data", (request: Asked) => {
        asked.push(request);
        answer(request, stream);
      });
    },
  });
  const pair = {
    private_key: Buffer.from(certificate.key),
    cert_chain: Buffer.from(certificate.certificate),
  };
  const credentials = ServerCredentials.createSsl(null, [pair]);
  const running = server;
  const port = await new Promise<number>((resolve, reject) => {
    running.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  const xds = {
    address: `127.0.0.1:${port}`,
    serverName: "istiod.istio-system.svc",
    rootCertificate: authority.certificate,
  };
  return { xds, asked, tokens };
}

function resource(typeUrl: string, bytes: Buffer) {
  return { type_url: typeUrl, value: bytes.toString("base64") };
}
function encode(type: string, message: object): Buffer {
  const definition = protos()[type] as unknown as { serialize: (message: object) => Buffer };
  return definition.serialize(message);
}
const isQuestion = (asked: Asked) => asked.responseNonce === undefined;

test("asks for clusters and listeners, then for what they name, as the proxy would, and acknowledges each answer", async () => {
  const eds = encode("envoy.config.cluster.v3.Cluster", {
    name: "outbound|80||cart",
    type: "EDS",
    edsClusterConfig: { serviceName: "cart" },
  });
  const { xds, asked, tokens } = await serve((request, stream) => {
    if (!isQuestion(request)) return;
    const resources = request.typeUrl === CLUSTER ? [resource(CLUSTER, eds)] : [];
    stream.write({ typeUrl: request.typeUrl, versionInfo: "7", nonce: `n-${request.typeUrl}`, resources });
  });
  const config = await fetchProxyConfig(xds, as);
  expect(config.clusters).toMatchObject([{ name: "outbound|80||cart", type: "EDS" }]);
  expect(config.refused).toEqual([]);
  expect(tokens).toEqual(["Bearer token"]);
  expect(asked[0]?.node?.id).toBe(as.identity.nodeId);
  expect(asked.filter(isQuestion).map((request) => [request.typeUrl, request.resourceNames ?? []])).toEqual([
    [CLUSTER, []],
    [LISTENER, []],
    [ENDPOINTS, ["cart"]],
  ]);
  expect(asked.filter((request) => !isQuestion(request))).toContainEqual(
    expect.objectContaining({ typeUrl: CLUSTER, versionInfo: "7", responseNonce: `n-${CLUSTER}` }),
  );
});

test("an answer that cannot be read is refused, with the reason, and listed", async () => {
  const refusals: Asked[] = [];
  const { xds } = await serve((request, stream) => {
    if (request.errorDetail) refusals.push(request);
    if (!isQuestion(request)) return;
    const resources = request.typeUrl === CLUSTER ? [resource(CLUSTER, Buffer.from("0aff", "hex"))] : [];
    const write = () => stream.write({ typeUrl: request.typeUrl, versionInfo: "7", nonce: "1", resources });
    // Listeners come last, so that the refusal has arrived when the client is content.
    if (request.typeUrl === CLUSTER) write();
    else setTimeout(write, 200);
  });
  const config = await fetchProxyConfig(xds, as);
  expect(config.refused).toEqual([
    { type: "envoy.config.cluster.v3.Cluster", reason: expect.any(String) as string },
  ]);
  expect(refusals).toMatchObject([{ typeUrl: CLUSTER, responseNonce: "1" }]);
  expect(refusals[0]?.versionInfo ?? "").toBe("");
});

test("a message of a type that is not known is named and left closed", async () => {
  const { xds } = await serve((request, stream) => {
    if (!isQuestion(request)) return;
    const filter = { name: "strange", typedConfig: { type_url: `${TYPE}strange.Filter`, value: "AAAA" } };
    const listener = encode("envoy.config.listener.v3.Listener", {
      name: "l",
      filterChains: [{ filters: [filter] }],
    });
    const resources = request.typeUrl === LISTENER ? [resource(LISTENER, listener)] : [];
    stream.write({ typeUrl: request.typeUrl, versionInfo: "1", nonce: "1", resources });
  });
  const { listeners } = await fetchProxyConfig(xds, as);
  expect(listeners[0]?.filterChains?.[0]?.filters).toEqual([
    { name: "strange", typedConfig: { "@type": "strange.Filter", "@closed": true } },
  ]);
});

test("a server that leaves a question open is an error that says which", async () => {
  const { xds } = await serve((request, stream) => {
    if (isQuestion(request) && request.typeUrl === CLUSTER)
      stream.write({ typeUrl: CLUSTER, versionInfo: "1", nonce: "1" });
  });
  await expect(fetchProxyConfig(xds, as, 1000)).rejects.toThrow(
    /asked as shop\/cart-1.*unanswered: envoy.config.listener.v3.Listener/,
  );
});

test("a server with another name, and one that is not there, are errors that say where", async () => {
  const { xds } = await serve(() => undefined);
  const misnamed = fetchProxyConfig({ ...xds, serverName: "istiod.elsewhere.svc" }, as, 3000);
  await expect(misnamed).rejects.toThrow(XdsError);
  await expect(misnamed).rejects.toThrow(xds.address);
  server?.forceShutdown();
  await expect(fetchProxyConfig(xds, as, 3000)).rejects.toThrow(/ECONNREFUSED/);
});
