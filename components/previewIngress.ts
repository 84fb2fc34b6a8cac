/** `preview.<host>`: the way for testers to the idle colour, whichever it is. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Color } from "./colors";
import { previewHost } from "./hosts";
import { ingressRules, urlOf, type TrafficArgs } from "./ingressRules";
import { idleName, previewName } from "./labels";
import { byMovingService } from "./movingService";
import type { RouteKind } from "./route";

export interface PreviewIngressArgs extends TrafficArgs {
  /** As the route is: where that moves without a reload of NGINX, the preview must not make one. */
  kind: RouteKind;
  namespace: pulumi.Input<string>;
  service: string;
  /** The host that users call; the preview is at `preview.<host>`. */
  host: string;
  idleColor: Color;
  /** Name of the idle colour's Service (see InferenceStack). */
  idleServiceName: pulumi.Input<string>;
}

export class PreviewIngress extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: PreviewIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:PreviewIngress", name, {}, opts);
    const host = previewHost(args.host);
    const target = args.kind === "ingress" ? { backend: args.idleServiceName } : byService(name, args, this);
    const ingress = new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      ingressRules({ ...args, ...target, name: previewName(args.service), host }),
      { parent: this },
    );
    this.url = urlOf(ingress, { ...args, host });
    this.registerOutputs({ url: this.url });
  }
}

/** By the idle Service, whose selector moves when the route's does. */
function byService(name: string, { namespace, service, idleColor }: PreviewIngressArgs, parent: PreviewIngress) {
  return byMovingService(`${name}-idle`, { name: idleName(service), namespace, service, color: idleColor }, { parent });
}
