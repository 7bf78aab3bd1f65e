import { servePlugin } from "../plugin";
import { KubernetesProvider } from "./provider";

servePlugin(new KubernetesProvider());
