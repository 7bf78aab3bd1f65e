import type { ComponentSpec } from "../component";
import type { Setup } from "../setup";

/**
 * Unix sockets, by names relative to the cluster's folder: no ports to find, and only the folder's owner gets through
 * to them, however long the folder's path is. Writes are not forced to disk: a development cluster that a power cut
 * spoils is made anew, and every start and change is several times faster for it.
 */
export const ETCD_SOCKET = "etcd.sock:0";
export const ETCD_ENDPOINT = `unix://${ETCD_SOCKET}`;
const PEER = "unix://etcd-peer.sock:0";

export function etcd({ tools, paths }: Setup): ComponentSpec {
  return {
    name: "etcd",
    file: tools.etcd,
    args: [
      "--name=meshwright",
      `--data-dir=${paths.etcd}`,
      `--listen-client-urls=${ETCD_ENDPOINT}`,
      `--advertise-client-urls=${ETCD_ENDPOINT}`,
      `--listen-peer-urls=${PEER}`,
      `--initial-advertise-peer-urls=${PEER}`,
      `--initial-cluster=meshwright=${PEER}`,
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
    env: {},
    inputs: [],
  };
}
