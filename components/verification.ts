/**
 * The gate: a Job that has one colour prove itself, named after what it verifies. It runs once for each pod template and
 * set of checks, and again when either changes. The route depends on the Job of the colour that it points to, so users
 * cannot be sent where it has not succeeded.
 *
 * The Job's image is told all by its environment, reports to a ConfigMap and says its verdict by its exit code;
 * docs/verification.md has that contract.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { certificateFile, type Certificate } from "./certificates";
import { other, type Color } from "./colors";
import { versionOf } from "./inferenceStack";
import { gpuToleration, nodeLabels, selectorLabels, shortHash, stackName } from "./labels";
import { restrictedContainer, restrictedPod } from "./podSecurity";
import { at } from "./values";

/** What a colour has to prove, and the budget of each proof. */
export interface ChecksArgs {
  /** Seconds that all checks together may take. */
  timeoutSeconds: number;
  accuracy: {
    /** Distance of a face in the result from the source's: 0 is the same person, about 0.6 and above somebody else. */
    maxIdentityDistance: number;
    /** Likeness of a result to the stored picture of it, 1 is the same. */
    minSimilarity: number;
    /** Likeness of a result to what the other colour makes of the same input, 1 is the same. */
    minReferenceSimilarity: number;
  };
  resources: {
    /** Requests of the load, and how many of them at a time. */
    requests: number;
    concurrency: number;
    /** Part of its memory limit that a Pod may use. */
    maxMemory: number;
    /** Memory that a Pod may gain during the load, in MiB. */
    maxMemoryGrowthMiB: number;
    /** Part of a GPU's memory that may be used. */
    maxGpuMemory: number;
    maxLatencyP95Seconds: number;
    /** How many times the other colour's latency is accepted. */
    maxSlowdown: number;
  };
  stability: {
    maxRestarts: number;
    /** Lines of level ERROR and above in the log. */
    maxErrorLines: number;
  };
}

export interface VerificationArgs {
  namespace: pulumi.Input<string>;
  service: string;
  color: Color;
  /** The service's own nodes, as for its InferenceStack. */
  pool?: string | undefined;
  /** The image under test. */
  image: string;
  /** Whatever else makes the colour what it is: the verification counts for this and nothing else. */
  subject: unknown;
  /** The image that verifies, with a tag of its own or a digest. */
  checkImage: string;
  checks: ChecksArgs;
  /** What NGINX shows to users, where TLS ends there; the Job is given its public part, and no key. */
  certificate?: Certificate | undefined;
  /**
   * False where the colour has nothing to prove now. There is no Job then, but all that one needs stays: to scale, to switch
   * or to pass over the gate takes no right to make or delete roles.
   */
  run: boolean;
  /** Seconds that the Job may wait for a node and its image. */
  schedulingTimeoutSeconds: number;
}

export class Verification extends pulumi.ComponentResource {
  /** Name of the Job, known when it has succeeded; undefined where there is none. */
  readonly jobName: pulumi.Output<string> | undefined;
  /** Whether it has succeeded; not known on a preview that would run it. */
  readonly succeeded: pulumi.Output<boolean> | undefined;

  /** @param name Such as `facefusion-blue-verification`; what it makes in Kubernetes is named after it. */
  constructor(name: string, args: VerificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:Verification", name, {}, opts);
    const report = this.makeReport(name, args);
    const access = this.letJobReport(name, args);

    const job = args.run ? this.makeJob(name, args, [...report, ...access]) : undefined;
    this.jobName = job?.metadata.name;
    this.succeeded = job?.status.apply((status) => Number(at(status, ["succeeded"]) ?? 0) > 0);
    this.registerOutputs({ jobName: this.jobName });
  }

  private makeJob(name: string, args: VerificationArgs, dependsOn: pulumi.Resource[]): k8s.batch.v1.Job {
    const spec = jobSpec(name, args);
    const hash = shortHash({ spec, subject: args.subject });
    // The SDK's name has the hash as well: after an update that failed half way, going back finds the Job that has
    // succeeded before, instead of replacing one that may still be running by another of the same name.
    return new k8s.batch.v1.Job(
      `${name}-${hash}`,
      {
        metadata: {
          name: `${name}-${hash}`,
          namespace: args.namespace,
          labels: labelsOf(args),
          // One that has failed is run again by the next update.
          annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: withEnvironment(spec, { HASH: hash }),
      },
      {
        parent: this,
        dependsOn,
        // One that is to run once more has its predecessor's name.
        deleteBeforeReplace: true,
        customTimeouts: { create: `${deadlineSeconds(args) + 60}s`, update: `${deadlineSeconds(args) + 60}s` },
      },
    );
  }

  /** An empty ConfigMap: whoever runs as the Job may fill this one, and make no other. */
  private makeReport(name: string, args: VerificationArgs): pulumi.Resource[] {
    const metadata = { name, namespace: args.namespace, labels: labelsOf(args) };
    return [new k8s.core.v1.ConfigMap(`${name}-report`, { metadata }, { parent: this, ignoreChanges: ["data"] })];
  }

  private letJobReport(name: string, args: VerificationArgs): pulumi.Resource[] {
    const metadata = { name, namespace: args.namespace, labels: labelsOf(args) };
    const child = { parent: this };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      child,
    );
    const role = new k8s.rbac.v1.Role(
      `${name}-role`,
      {
        metadata,
        rules: [
          { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
          { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
          { apiGroups: [""], resources: ["configmaps"], resourceNames: [name], verbs: ["get", "patch"] },
        ],
      },
      child,
    );
    const binding = new k8s.rbac.v1.RoleBinding(
      `${name}-role-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: args.namespace }],
      },
      child,
    );
    return [account, binding];
  }
}

const componentLabel = { "app.kubernetes.io/component": "verification" };

function labelsOf({ service, color }: VerificationArgs): Record<string, string> {
  return { ...selectorLabels(service, color), ...componentLabel };
}

/** Not those that the colour's Service selects: it must never lead to a check. */
function podLabelsOf({ service, color }: VerificationArgs): Record<string, string> {
  return { ...selectorLabels(`${service}-verification`, color), ...componentLabel };
}

/** Seconds from the Job's start to its end, whatever happens. */
function deadlineSeconds({ checks, schedulingTimeoutSeconds }: VerificationArgs): number {
  return checks.timeoutSeconds + schedulingTimeoutSeconds;
}

/** The Job without what is not known before its name is. */
function jobSpec(name: string, args: VerificationArgs) {
  const shown = certificateFile(args.certificate);
  return {
    activeDeadlineSeconds: deadlineSeconds(args),
    // A check that could not be run is tried again, and a verdict is not; a node that was taken away does not count.
    backoffLimit: 2,
    podFailurePolicy: {
      rules: [
        // First, since the first that matches counts: a check that was told to stop has a verdict, too, and it is none.
        { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        { action: "FailJob", onExitCodes: { containerName: "verification", operator: "In", values: [1] } },
      ],
    },
    template: {
      metadata: { labels: podLabelsOf(args) },
      spec: {
        restartPolicy: "Never",
        serviceAccountName: name,
        automountServiceAccountToken: true,
        enableServiceLinks: false,
        // Beside what it verifies, with no GPU of its own: those nodes are there when the colour is.
        nodeSelector: nodeLabels(args.color, args.pool),
        tolerations: [gpuToleration(args.color, args.pool)],
        securityContext: restrictedPod,
        containers: [
          {
            name: "verification",
            image: args.checkImage,
            imagePullPolicy: "IfNotPresent",
            env: environmentOf(name, args),
            resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "2Gi" } },
            terminationMessagePolicy: "FallbackToLogsOnError",
            securityContext: restrictedContainer,
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }, ...shown.mounts],
          },
        ],
        volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }, ...shown.volumes],
      },
    },
  };
}

type JobSpec = ReturnType<typeof jobSpec>;

function environmentOf(name: string, args: VerificationArgs): { name: string; value: string }[] {
  const { service, color, image } = args;
  const selector = Object.entries(selectorLabels(service, color)).map(([label, value]) => `${label}=${value}`);
  const values = {
    SERVICE: service,
    COLOR: color,
    VERSION: versionOf(image),
    IMAGE: image,
    TARGET_URL: `http://${stackName(service, color)}`,
    REFERENCE_URL: `http://${stackName(service, other(color))}`,
    SELECTOR: selector.join(","),
    REPORT_CONFIGMAP: name,
    CHECKS: JSON.stringify(args.checks),
    ...certificateFile(args.certificate).environment,
  };
  return Object.entries(values).map(([key, value]) => ({ name: key, value }));
}

function withEnvironment(spec: JobSpec, more: Record<string, string>): k8s.types.input.batch.v1.JobSpec {
  const own = Object.entries(more).map(([name, value]) => ({ name, value }));
  // The Pod's own word for where it runs.
  const namespace = { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } };
  const { template } = spec;
  const containers = template.spec.containers.map((each) => ({ ...each, env: [...each.env, ...own, namespace] }));
  return { ...spec, template: { ...template, spec: { ...template.spec, containers } } };
}
