import { existsSync } from "node:fs";
import { readText } from "./files";
import type { ClusterNetwork } from "./types";

const SLOTS = 100;

/** The addresses of cluster number `slot`. */
export function networkOf(slot: number): ClusterNetwork & { readonly podCidr: string; readonly serviceCidr: string } {
  const base = `10.${100 + slot}`;
  return {
    slot,
    podCidr: `${base}.0.0/17`,
    serviceCidr: `${base}.128.0/17`,
    processCidr: `${base}.0.0/18`,
    simulatedCidr: `${base}.64.0/19`,
    linkCidr: `${base}.127.0/30`,
    hostAddress: `${base}.127.1`,
    nodeAddress: `${base}.127.2`,
    apiServiceAddress: `${base}.128.1`,
  };
}

/** The first slot that is neither `taken` nor in use on this machine already. */
export function freeSlot(taken: readonly (number | undefined)[]): number {
  const routed = routedSlots();
  for (let slot = 0; slot < SLOTS; slot++) {
    if (!taken.includes(slot) && !routed.has(slot) && !existsSync(`/run/netns/mw${slot}`)) return slot;
  }
  throw new Error(
    `all ${SLOTS} networks 10.100.0.0/16 to 10.199.0.0/16 are taken by clusters or routes of this machine. ` +
      "Delete a cluster that is no longer needed: meshwright cluster delete <name>",
  );
}

/**
 * Slots whose network overlaps a route of the host, a VPN's for instance. Routes as wide as 10.0.0.0/8 do not count:
 * the cluster's own are more specific and win.
 */
function routedSlots(): Set<number> {
  const slots = new Set<number>();
  for (const line of (readText("/proc/net/route") ?? "").split("\n").slice(1)) {
    const [, destination, , , , , , mask] = line.split("\t");
    if (!destination || !mask || littleEndian(mask) <= 0xff000000) continue;
    const common = littleEndian(mask) & 0xffff0000;
    for (let slot = 0; slot < SLOTS; slot++) {
      const own = (10 << 24) | ((100 + slot) << 16);
      if ((littleEndian(destination) & common) === (own & common)) slots.add(slot);
    }
  }
  return slots;
}

function littleEndian(hex: string): number {
  return Buffer.from(hex, "hex").readUInt32LE(0);
}
