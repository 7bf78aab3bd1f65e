import {
  chooseBackend,
  createKindCluster,
  deleteCluster,
  deleteKindCluster,
  startCluster,
  toolsOf,
} from "../../embedded/cluster";
import type { DataPlane } from "../../embedded/cluster/types";
import type { ClusterMachine } from "../types";
import type { LocalOptions } from "./options";

/** Pods run as processes in network namespaces where that is possible: as root on Linux. */
function bestDataPlane(): DataPlane {
  return process.platform === "linux" && process.getuid?.() === 0 ? "netns" : "host";
}

export function localMachine(options: LocalOptions): ClusterMachine {
  // A data plane is asked of an embedded cluster only.
  const wanted = options.backend ?? (options.dataPlane === undefined ? undefined : "embedded");
  return (wanted ?? chooseBackend(options.name)) === "kind" ? kindMachine(options) : embedded(options);
}

function embedded(options: LocalOptions): ClusterMachine {
  const dataPlane = options.dataPlane ?? bestDataPlane();
  return {
    tools: toolsOf(dataPlane),
    start: async (progress) => {
      await startCluster({ name: options.name, dataPlane }, progress);
    },
    remove: (progress) => deleteCluster(options.name, progress),
  };
}

function kindMachine({ name }: LocalOptions): ClusterMachine {
  return {
    tools: [],
    start: async (progress) => {
      await createKindCluster(name, progress);
    },
    remove: (progress) => deleteKindCluster(name, progress),
  };
}
