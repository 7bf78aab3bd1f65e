import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { adminPort, podIp } from "../addresses";
import { httpGet, start, toolPath, untilReady } from "../process";
import type { Relay, Told } from "../xds/serve";
import { bootstrap } from "./bootstrap";

const DEADLINE_MS = 20_000;

/** Real Envoys, one for each pod that an intent has at most; they play one intent's pods after the other's. */
export class EnvoyPool {
  private readonly slots: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly relay: Relay,
  ) {}

  /** Starts what is missing for so many pods. */
  async grow(count: number): Promise<void> {
    const missing = Array.from(
      { length: Math.max(0, count - this.slots.length) },
      (_, i) => this.slots.length + i,
    );
    const started = missing.map((slot) => {
      const node = nodeOf(slot);
      this.slots.push(node);
      const file = join(this.folder, `${node}.json`);
      writeFileSync(file, JSON.stringify(bootstrap(node, { admin: adminPort(slot), source: podIp(slot) })));
      const argv = [toolPath("envoy"), "-c", file, ...ARGUMENTS];
      return { slot, started: start(node, argv, { folder: this.folder }) };
    });
    await Promise.all(
      started.map(({ slot, started }) =>
        untilReady(
          started,
          async () => (await httpGet(`http://127.0.0.1:${adminPort(slot)}/listeners`)).status === 200,
        ),
      ),
    );
  }

  /** Returns when the Envoy works by what it was told; what it refused, with its reasons. */
  async become(slot: number, told: Told): Promise<readonly string[]> {
    const seat = this.relay.seat(nodeOf(slot));
    seat.tell(told);
    const deadline = Date.now() + DEADLINE_MS;
    while (!seat.hasTaken || !(await isWarm(slot))) {
      if (seat.refused.length > 0) return [...seat.refused];
      if (Date.now() > deadline)
        return [`Envoy of slot ${slot} was not ready within ${DEADLINE_MS / 1000} s`];
      await sleep(10);
    }
    return [...seat.refused];
  }
}

const ARGUMENTS = [
  "--concurrency 1",
  "--disable-hot-restart",
  "--drain-time-s 1",
  "--drain-strategy immediate",
  "--log-level warning",
].flatMap((argument) => argument.split(" "));

const nodeOf = (slot: number): string => `slot-${slot}`;

const WARMING = /^(cluster_manager\.warming_clusters|listener_manager\.total_listeners_warming): (\d+)$/gm;

async function isWarm(slot: number): Promise<boolean> {
  const { body } = await httpGet(`http://127.0.0.1:${adminPort(slot)}/stats?filter=warming`);
  const found = [...body.matchAll(WARMING)];
  return found.length === 2 && found.every(([, , count]) => count === "0");
}
