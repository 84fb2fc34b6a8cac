/** What is in the cluster, as plain values: what the commands decide and tell by. */
import type { V1PodTemplateSpec } from "@kubernetes/client-node";
import type { Color, PerColor } from "../../components/colors";

/** The colour that a route leads to; or why it leads to neither. */
export type Target = { readonly color: Color } | { readonly color: "unknown"; readonly reason: string };

/** Everything about one service. */
export interface ServiceState {
  readonly service: string;
  /** The truth about the live colour: where the route in the cluster leads. */
  readonly live: Target;
  /** Who moved the route last: the Ingress, or the live Service behind it. */
  readonly routeWriter: Writer | undefined;
  /** Where `preview.<host>` leads. */
  readonly preview: Target;
  readonly ingress: IngressState | undefined;
  readonly previewIngress: IngressState | undefined;
  readonly colors: PerColor<ColorState>;
}

/** Who wrote an object's spec last, as the API server noted it. */
export interface Writer {
  readonly manager: string;
  readonly at: Date | undefined;
}

export interface IngressState {
  readonly name: string;
  /** The Service that `/` goes to; undefined where it is not one Service for one host. */
  readonly backend: string | undefined;
  readonly hosts: readonly string[];
  /** Addresses that its controller has reported. */
  readonly addresses: readonly string[];
  readonly className: string | undefined;
  readonly tls: readonly { readonly hosts: readonly string[]; readonly secretName: string | undefined }[];
}

export interface ColorState {
  readonly color: Color;
  readonly deployment: DeploymentState | undefined;
  readonly pods: readonly PodState[];
  /** Whether the colour's Service, to which the route leads, is there. */
  readonly hasService: boolean;
  /** The container's environment, from the ConfigMap that the Deployment names. */
  readonly environment: Readonly<Record<string, string>>;
  readonly disruptionBudget:
    { readonly allowed: number; readonly healthy: number; readonly desired: number } | undefined;
  readonly verification: Verification;
}

export interface DeploymentState {
  readonly name: string;
  readonly image: string;
  readonly desired: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
  /** Whether these numbers are about what the Deployment asks for now. */
  readonly observed: boolean;
  /** Why Kubernetes cannot make its Pods, in Kubernetes' words. */
  readonly problem: string | undefined;
  readonly template: V1PodTemplateSpec;
}

export interface PodState {
  readonly name: string;
  readonly ready: boolean;
  readonly phase: string;
  readonly restarts: number;
  readonly node: string | undefined;
  readonly image: string | undefined;
  readonly createdAt: Date | undefined;
  /** Whether it has been told to stop. */
  readonly terminating: boolean;
  /** Why it is not ready. */
  readonly trouble: Trouble | undefined;
}

/** Why a Pod is not ready, as Kubernetes tells it, told apart by what helps. */
export interface Trouble {
  readonly kind:
    | "insufficientGpus"
    | "noNode"
    | "unschedulable"
    | "imagePull"
    | "outOfMemory"
    | "crashLoop"
    | "configuration"
    | "probe"
    | "starting"
    | "evicted"
    | "unknown";
  /** One sentence. */
  readonly words: string;
}

/** The newest verification of a colour. */
export interface Verification {
  /** `broken`: it could not be run to a verdict. */
  readonly status: "none" | "running" | "passed" | "failed" | "broken";
  readonly job: string | undefined;
  readonly image: string | undefined;
  readonly hash: string | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly report: VerificationReport | undefined;
}

/** What the check container leaves behind (see the verification suite in image/). */
export interface VerificationReport {
  readonly version: string;
  readonly image: string;
  readonly hash: string;
  readonly verdict: "passed" | "failed";
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly checks: readonly {
    readonly name: string;
    readonly status: "passed" | "failed" | "skipped";
    readonly seconds: number;
    readonly problems: readonly string[];
    readonly notes: readonly string[];
    readonly measurements: Readonly<Record<string, number | string | null>>;
  }[];
}

export interface NodeState {
  readonly name: string;
  readonly color: Color | undefined;
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reason: string | undefined;
  readonly schedulable: boolean;
  /** GPUs that Pods may have, in all. */
  readonly gpus: number;
  /** GPUs that Pods have; undefined for who may not list the Pods of all namespaces. */
  readonly gpusInUse: number | undefined;
}
