/** Blue-green GPU inference services: settings in, components composed, outputs out. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BlueGreenService } from "./components/blueGreenService";
import { Budget } from "./components/budget";
import { CiRoles } from "./components/ciRoles";
import { Cluster } from "./components/cluster";
import { EksPlatform } from "./components/eksPlatform";
import { hostsOf } from "./components/hosts";
import { ImageRepositories } from "./components/imageRepositories";
import { ModelStorage } from "./components/modelStorage";
import { later } from "./components/later";
import { NginxIngress } from "./components/nginxIngress";
import { SwitchGuard } from "./components/switchGuard";
import { stackCost } from "./cost/stackCost";
import { costSummary } from "./cost/summary";
import { awsRegion, loadSettings } from "./settings";
import { ciArgs, clusterArgs, platformArgs, repositoriesArgs, storageArgs } from "./settings/awsArgs";
import { serviceArgs } from "./settings/serviceArgs";

const settings = loadSettings();

const cluster = new Cluster("cluster", clusterArgs(settings));
const { eks, provider } = cluster;
const home = new k8s.core.v1.Namespace(
  "namespace",
  {
    metadata: {
      name: settings.namespace,
      // The API server refuses a Pod that asks for more than the services here need.
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    },
  },
  { provider },
);
const inCluster = { namespace: home.metadata.name, provider };
const routes = later<pulumi.Resource[]>();
const platform =
  eks && new EksPlatform("platform", { ...platformArgs(settings), ...inCluster, eks, routes: routes.known });
const ingress = new NginxIngress("ingress", settings.ingress, { provider, dependsOn: platform?.controllers ?? [] });

const place = storageArgs(settings);
const storage = eks && place && new ModelStorage("models", { ...place, eks });

const repositories = new ImageRepositories("images", repositoriesArgs(settings));

const deployed = Object.entries(settings.services).map(([name, service]) => {
  const args = serviceArgs(settings, service, storage?.fileSystemId);
  const made = new BlueGreenService(
    name,
    {
      ...args,
      namespace: home.metadata.name,
      pool: service.gpuNodes && name,
      nodes: platform?.nodesFor(service.gpuNodes && name),
      traffic: { ...args.traffic, ingressClassName: ingress.className },
    },
    { provider, dependsOn: [...(platform?.controllers ?? []), ...(storage?.ready ?? [])] },
  );
  const images = { blue: service.blue.image, green: service.green.image };
  const { url, previewUrl, verifications: verification } = made;
  return { name, made, outputs: { url, previewUrl, liveColor: args.liveColor, images, verification } };
});
routes.say(deployed.map(({ made }) => made.route));

if (settings.guard) {
  const guarded = Object.entries(settings.services).map(([name, { host }]) => ({ name, hosts: hostsOf(host) }));
  new SwitchGuard("guard", { ...settings.guard, namespace: home.metadata.name, services: guarded }, { provider });
}

const pipelines = ciArgs(settings);
const roles =
  eks &&
  pipelines &&
  new CiRoles("ci", {
    ...pipelines,
    clusterName: eks.clusterName,
    repositoryArns: repositories.arns,
    modelBucketArn: storage?.bucketArn,
  });

if (settings.budget) new Budget("budget", { ...settings.budget, tag: { key: "stack", value: pulumi.getStack() } });

const region = awsRegion();
const cost = region === undefined ? undefined : stackCost(settings, region, new Date().toISOString().slice(0, 10));

/** The stack's outputs; what does not apply to a stack is not among them. */
export = defined({
  /** By service: its URL, the preview's, which colour the configuration makes live, both images, what verified them. */
  services: Object.fromEntries(deployed.map(({ name, outputs }) => [name, outputs])),
  /** Where the services are, and what reaches the cluster where that is not the user's own kubeconfig. */
  namespace: home.metadata.name,
  kubeconfig: cluster.kubeconfig,
  /** By name, what images are pushed to. */
  imageRepositories: settings.imageRepositories.length > 0 ? repositories.urls : undefined,
  /** What pipelines take on AWS, by forge and purpose. */
  pipelineRoles: roles && { github: roles.github, gitlab: roles.gitlab },
  /** What the stack costs, in words, where it has GPU nodes of its own. */
  monthlyCost: cost && costSummary(cost),
});

function defined(outputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
