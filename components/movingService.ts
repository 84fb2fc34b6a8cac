/**
 * A Service that stays while the colour behind it moves: its selector is what a switch changes. An Ingress that goes by
 * its cluster IP needs no reload for that, so that no connection is closed.
 */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Color } from "./colors";
import type { IngressRulesArgs } from "./ingressRules";
import { selectorLabels } from "./labels";

export interface MovingServiceArgs {
  name: string;
  namespace: pulumi.Input<string>;
  /** The service whose Pods it selects. */
  service: string;
  color: Color;
}

/** Makes one, and says how an Ingress stays on it: by its cluster IP, which leaves the choice of a Pod to the node's proxy. */
export function byMovingService(
  resourceName: string,
  { name, namespace, service, color }: MovingServiceArgs,
  opts: pulumi.CustomResourceOptions,
): Pick<IngressRulesArgs, "backend" | "annotations"> {
  const moving = new k8s.core.v1.Service(
    resourceName,
    {
      metadata: {
        name,
        namespace,
        // What it selects is there already, or has no Pods on purpose; the provider would wait for endpoints to settle.
        // Moved by hand, it is put back.
        annotations: { "pulumi.com/skipAwait": "true", "pulumi.com/patchForce": "true" },
      },
      spec: {
        selector: selectorLabels(service, color),
        ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
      },
    },
    opts,
  );
  return { backend: moving.metadata.name, annotations: { "nginx.org/use-cluster-ip": "true" } };
}
