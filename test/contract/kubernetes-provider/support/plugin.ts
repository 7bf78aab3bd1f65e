import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { installOfflineProvider } from "../../../../embedded/kubernetes-provider/launcher";

/** The plugin under test: the one of MESHWRIGHT_KUBERNETES_PROVIDER, else the offline provider, installed below `home`. */
export function pluginUnderTest(home: string): string {
  const given = process.env["MESHWRIGHT_KUBERNETES_PROVIDER"];
  if (!given) return installOfflineProvider(home);
  if (!existsSync(given)) throw new Error(`MESHWRIGHT_KUBERNETES_PROVIDER: no such file: ${given}`);
  return resolve(given);
}

/** A folder for PATH in which the engine finds the plugin, as it was found for the recordings. */
export function folderWithPlugin(home: string): string {
  const folder = join(home, "on-path");
  mkdirSync(folder, { recursive: true });
  symlinkSync(pluginUnderTest(home), join(folder, "pulumi-resource-kubernetes"));
  return folder;
}

export const isOfflineProvider = !process.env["MESHWRIGHT_KUBERNETES_PROVIDER"];
