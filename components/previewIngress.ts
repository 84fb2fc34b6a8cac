/** `preview.<host>`: the way for testers to the idle colour, whichever it is. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { previewHost } from "./hosts";
import { previewName } from "./labels";
import { ingressRules, urlOf, type TrafficArgs } from "./ingressRules";

export interface PreviewIngressArgs extends TrafficArgs {
  namespace: pulumi.Input<string>;
  service: string;
  /** The host that users call; the preview is at `preview.<host>`. */
  host: string;
  /** Name of the idle colour's Service (see InferenceStack). */
  idleServiceName: pulumi.Input<string>;
}

export class PreviewIngress extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: PreviewIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:PreviewIngress", name, {}, opts);
    const host = previewHost(args.host);
    const ingress = new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      ingressRules({ ...args, name: previewName(args.service), host, backend: args.idleServiceName }),
      { parent: this },
    );
    this.url = urlOf(ingress, { ...args, host });
    this.registerOutputs({ url: this.url });
  }
}
