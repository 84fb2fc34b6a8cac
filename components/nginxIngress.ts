/** The NGINX Ingress Controller: F5's chart behind a Network Load Balancer, or a class that is there already. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { gpuPresentLabel } from "./labels";
import { deregistrationSeconds, loadBalancerAnnotations } from "./networkLoadBalancer";

/** nginx/kubernetes-ingress, charts/nginx-ingress: chart 2.7.0 is application 5.6.0, NGINX 1.31.3 (August 2026). */
const chart = { chart: "oci://ghcr.io/nginx/charts/nginx-ingress", version: "2.7.0" };

export type NginxIngressArgs =
  /** A controller that somebody else runs. */
  | { kind: "adopt"; className: string }
  | {
      kind: "install";
      className: string;
      /** Controller Pods, spread over nodes. */
      replicas: number;
      /**
       * ACM certificate for TLS at the load balancer, which then has no port but 443; without it TLS ends at NGINX. Not for
       * services whose answers stay silent for more than 350 s: AWS ends such connections.
       */
      certificateArn?: string | undefined;
      /** Seconds that an old NGINX worker, or a stopping controller, may take for the requests it has. */
      drainSeconds: number;
      /** S3 bucket for the load balancer's access logs; AWS writes them with a certificateArn alone. */
      accessLogBucket?: string | undefined;
      /** Makes a ServiceMonitor for a Prometheus operator, whose CRDs are then there already. @default false */
      serviceMonitor?: boolean | undefined;
    };

type InstallArgs = Extract<NginxIngressArgs, { kind: "install" }>;

export class NginxIngress extends pulumi.ComponentResource {
  /** The class that Ingresses name. Known once the controller is there to serve it. */
  readonly className: pulumi.Output<string>;

  constructor(name: string, args: NginxIngressArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:NginxIngress", name, {}, opts);
    this.className = args.kind === "adopt" ? pulumi.output(args.className) : install(name, args, this);
    this.registerOutputs({ className: this.className });
  }
}

function install(name: string, args: InstallArgs, parent: NginxIngress): pulumi.Output<string> {
  const home = new k8s.core.v1.Namespace(
    `${name}-namespace`,
    {
      metadata: {
        name: "nginx-ingress",
        labels: {
          "pod-security.kubernetes.io/enforce": "restricted",
          // A new Pod counts as ready when the load balancer finds it so, not before: an upgrade leaves no gap.
          "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
        },
      },
    },
    { parent },
  );
  const release = new k8s.helm.v3.Release(
    `${name}-release`,
    {
      ...chart,
      name: "nginx-ingress",
      namespace: home.metadata.name,
      atomic: true,
      // A new load balancer takes minutes until it has an address and its targets are healthy.
      timeout: 900,
      // Their kinds are turned off below.
      skipCrds: true,
      values: {
        controller: {
          ...routing(args.className),
          ...capacity(args.replicas),
          ...draining(args.drainSeconds),
          readOnlyRootFilesystem: true,
          config: { entries: nginxConfiguration(args) },
          service: service(args),
        },
        prometheus: {
          create: true,
          port: 9113,
          service: { create: true },
          serviceMonitor: { create: args.serviceMonitor ?? false },
        },
      },
    },
    { parent },
  );
  return release.status.apply(() => args.className);
}

/** What may lead a request where: Ingresses of this class, and nothing besides. */
function routing(className: string) {
  return {
    ingressClass: { name: className, create: true, setAsDefaultIngress: false },
    // Snippets, and kinds such as VirtualServer, would let anyone who may make one route a host past the guard.
    enableSnippets: false,
    enableCustomResources: false,
    // Publishes the load balancer's address on every Ingress.
    reportIngressStatus: { enable: true, enableLeaderElection: true },
    readyStatus: { enable: true, port: 8081 },
    enableLatencyMetrics: true,
    telemetryReporting: { enable: false },
  };
}

/** A fixed number of Pods: one that goes takes connections with it, so there is no coming and going by load. */
function capacity(replicas: number) {
  const ours = { matchLabels: { "app.kubernetes.io/name": "nginx-ingress" } };
  return {
    kind: "deployment",
    replicaCount: replicas,
    autoscaling: { enabled: false },
    podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    priorityClassName: "system-cluster-critical",
    resources: {
      // Uploads are kept on the node's disk until they are whole.
      requests: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "4Gi" },
      // Each change of an Ingress or of Pods leaves a set of old workers that live as long as their longest job.
      limits: { memory: "2Gi" },
    },
    // The taint keeps it off GPU nodes made here; this, off those of an adopted cluster.
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: gpuPresentLabel, operator: "DoesNotExist" }] }],
        },
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "DoNotSchedule",
        // A node that takes no Pods is no place to wait for.
        nodeTaintsPolicy: "Honor",
        // Of one version: the Pods that an upgrade replaces do not count.
        matchLabelKeys: ["pod-template-hash"],
        labelSelector: ours,
      },
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        matchLabelKeys: ["pod-template-hash"],
        labelSelector: ours,
      },
    ],
  };
}

/** A Pod that is told to stop serves on until no new connection comes, then finishes what it has. */
function draining(drainSeconds: number) {
  return {
    lifecycle: { preStop: { sleep: { seconds: deregistrationSeconds } } },
    terminationGracePeriodSeconds: deregistrationSeconds + drainSeconds,
  };
}

/** A year, in seconds: how long a browser remembers to use nothing but HTTPS. */
const hstsMaxAge = "31536000";

/**
 * NGINX's ConfigMap: internal/configs/configmaps.go of the application has every key. Sizes and times that depend on the
 * service are annotations of its Ingress (ingressRules.ts).
 */
function nginxConfiguration({ certificateArn, drainSeconds }: InstallArgs): Record<string, string> {
  const headers = [
    "X-Content-Type-Options:nosniff:always",
    "X-Frame-Options:SAMEORIGIN:always",
    "Referrer-Policy:strict-origin-when-cross-origin:always",
  ];
  return {
    "worker-shutdown-timeout": `${drainSeconds}s`,
    "server-tokens": "False",
    // An image stays in memory; a video goes to disk. Without it everything beyond 16 KiB does.
    "client-body-buffer-size": "1m",
    "ssl-protocols": "TLSv1.2 TLSv1.3",
    // Mozilla's intermediate list, version 5.7, but for those of classic Diffie-Hellman. TLS 1.3 brings its own.
    "ssl-ciphers": [
      "ECDHE-ECDSA-AES128-GCM-SHA256",
      "ECDHE-RSA-AES128-GCM-SHA256",
      "ECDHE-ECDSA-AES256-GCM-SHA384",
      "ECDHE-RSA-AES256-GCM-SHA384",
      "ECDHE-ECDSA-CHACHA20-POLY1305",
      "ECDHE-RSA-CHACHA20-POLY1305",
    ].join(":"),
    // A host with HSTS has a header of its own, and would lose these by NGINX's default.
    "add-header-inherit": "merge",
    ...(certificateArn === undefined
      ? { "add-header": headers.join(","), hsts: "True", "hsts-max-age": hstsMaxAge }
      : {
          // NGINX sees plain HTTP and would neither tell the browser, nor tell the service the truth about the scheme.
          "add-header": [...headers, `Strict-Transport-Security:max-age=${hstsMaxAge}:always`].join(","),
          "redirect-to-https": "True",
        }),
  };
}

function service(args: InstallArgs) {
  return {
    type: "LoadBalancer",
    // Of no account for a load balancer that sends to Pods, but elsewhere it is what keeps the clients' addresses.
    externalTrafficPolicy: "Local",
    annotations: loadBalancerAnnotations(args),
    ...(args.certificateArn !== undefined && {
      // Nothing behind a load balancer that ends TLS can tell a plain request from another, so there is no port for them.
      httpPort: { enable: false },
      // TLS ended at the load balancer: what arrives on 443 is plain HTTP by then.
      httpsPort: { targetPort: 80 },
    }),
  };
}
