import type { Identity } from "./certificate";

/** A kubeconfig with its certificates inside, so that it can be copied and used alone. */
export function kubeconfig(
  cluster: { readonly name: string; readonly server: string; readonly ca: string },
  user: string,
  identity: Identity,
): string {
  const context = `meshwright-${cluster.name}`;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return `apiVersion: v1
kind: Config
current-context: ${context}
clusters:
  - name: ${context}
    cluster:
      server: ${cluster.server}
      certificate-authority-data: ${base64(cluster.ca)}
contexts:
  - name: ${context}
    context:
      cluster: ${context}
      user: ${context}-${user}
users:
  - name: ${context}-${user}
    user:
      client-certificate-data: ${base64(identity.certificate)}
      client-key-data: ${base64(identity.key)}
`;
}
