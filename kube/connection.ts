/** A bearer token or client certificate, PEM. */
export interface Credential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Milliseconds since 1970 after which it must be asked for again; forever if absent. */
  readonly expires?: number;
}

/** Everything needed to talk to one API server. */
export interface KubeConnection {
  /** Origin and optional path prefix, without a final slash. */
  readonly server: string;
  /** Name of the kubeconfig context it came from. */
  readonly context: string;
  /** The context's namespace; `default` if it names none. */
  readonly namespace: string;
  /** PEM of the authorities that may sign the server's certificate; the system's if absent. */
  readonly ca?: string;
  readonly insecure: boolean;
  /** Name to expect in the server's certificate instead of the host name. */
  readonly tlsServerName?: string;
  /** Cheap while the last credential is valid. `stale` asks for a new one after a 401. */
  credential(stale: boolean): Promise<Credential>;
}

/** A connection by fixed values, for servers one has started oneself. */
export function fixedConnection(server: string, ca: string, credential: Credential): KubeConnection {
  return {
    server,
    context: "fixed",
    namespace: "default",
    ca,
    insecure: false,
    credential: () => Promise.resolve(credential),
  };
}
