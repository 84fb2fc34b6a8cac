/** How the sandbox itself talks to its cluster. */
import * as k8s from "@kubernetes/client-node";
import { kubeconfigPath, type Layout } from "../layout";

function config(layout: Layout): k8s.KubeConfig {
  const configuration = new k8s.KubeConfig();
  configuration.loadFromFile(kubeconfigPath(layout));
  return configuration;
}

export const client = {
  core: (layout: Layout) => config(layout).makeApiClient(k8s.CoreV1Api),
  batch: (layout: Layout) => config(layout).makeApiClient(k8s.BatchV1Api),
  networking: (layout: Layout) => config(layout).makeApiClient(k8s.NetworkingV1Api),
  objects: (layout: Layout) => k8s.KubernetesObjectApi.makeApiClient(config(layout)),
};
