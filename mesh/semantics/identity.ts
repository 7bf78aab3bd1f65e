import type { Caller, NormalizedIntent } from "../intent/types";
import { inBlock } from "./address";
import type { Client } from "./types";

/** Who a callee takes its caller for. */
export interface Identity {
  /** The SPIFFE id of its certificate; absent for plaintext, and for gateways, whose ids are their mesh's business. */
  readonly principal?: string;
  readonly gateway?: string;
  readonly address?: string;
}

export function identityOf(client: Client, intent: NormalizedIntent): Identity {
  const address = client.address === undefined ? {} : { address: client.address };
  switch (client.kind) {
    case "service": {
      const principal = servicePrincipal(client.service, intent);
      return { ...(principal === undefined ? {} : { principal }), ...address };
    }
    case "principal":
      return { principal: client.principal, ...address };
    case "gateway":
      return { gateway: client.gateway, ...address };
    case "unmeshed":
      return address;
  }
}

/** Services that share an account have one identity. */
function servicePrincipal(key: string, intent: NormalizedIntent): string | undefined {
  const service = intent.services.find((s) => s.key === key);
  if (service === undefined) return undefined;
  return `spiffe://${intent.mtls.trustDomain}/ns/${service.namespace}/sa/${service.serviceAccount}`;
}

/** Whether an access's `from` names a caller. Namespaces are those of the mesh's own trust domain. */
export function names(caller: Caller, identity: Identity, intent: NormalizedIntent): boolean {
  const { principal, gateway, address } = identity;
  switch (caller.kind) {
    case "service":
      return principal !== undefined && principal === servicePrincipal(caller.service, intent);
    case "gateway":
      return gateway === caller.gateway;
    case "namespace":
      return principal?.startsWith(`spiffe://${intent.mtls.trustDomain}/ns/${caller.namespace}/`) ?? false;
    case "principal":
      return principal === caller.principal;
    case "ipBlocks":
      return address !== undefined && caller.blocks.some((block) => inBlock(address, block));
  }
}
