/**
 * Rules about GPU nodes: which types, how many, and whether the Pods fit.
 *
 * Nodes come in pools: the pair that all services share (`gpuNodes`), and pairs of one service's own.
 */
import { z } from "zod";
import { colors, other, type Color } from "../components/colors";
import { amiFault, gpuAmis, releaseFault } from "../components/gpuAmi";
import { gpuInstanceTypes, standardFamilies } from "../components/gpuInstanceTypes";
import { nodesNeeded } from "../components/nodeNeeds";
import { instanceType, nodeGroup } from "./aws";
import type { Fault } from "./faults";
import { rule, type Rule } from "./rule";
import { topLevel } from "./schema";
import { serviceFields } from "./service";

const anyServices = z.record(z.string(), z.unknown()).catch({});
const withNodes = z.object({ gpuNodes: z.record(z.string(), z.unknown()) });
const typed = z.object({ instanceType });

/** A pool of nodes as written, and the services whose Pods are on it. */
interface Pool {
  path: PropertyKey[];
  nodes: Record<string, unknown>;
  services: Record<string, unknown>;
}

/** Every pool that is configured. */
function poolsOf(raw: unknown): Pool[] {
  const services = z.object({ services: anyServices }).safeParse(raw).data?.services ?? {};
  const own = Object.entries(services).flatMap(([name, service]) => {
    const nodes = withNodes.safeParse(service).data?.gpuNodes;
    return nodes === undefined ? [] : [{ path: ["services", name, "gpuNodes"], nodes, services: { [name]: service } }];
  });
  const shared = withNodes.safeParse(raw).data?.gpuNodes;
  const others = Object.entries(services).filter(([, service]) => !withNodes.safeParse(service).success);
  return [
    ...own,
    ...(shared === undefined ? [] : [{ path: ["gpuNodes"], nodes: shared, services: Object.fromEntries(others) }]),
  ];
}

/** A rule about each colour of each pool; the fault's path is within that colour. */
function nodeRule(check: (pool: Pool, color: Color, raw: unknown) => Fault[]): Rule {
  return {
    check: (raw) =>
      poolsOf(raw).flatMap((pool) =>
        colors.flatMap((color) =>
          check(pool, color, raw).map((fault) => ({ ...fault, path: [...pool.path, color, ...fault.path] })),
        ),
      ),
  };
}

const familiesAllowed = nodeRule(({ nodes }, color, raw) => {
  const allowed = z.object({ allowedInstanceFamilies: topLevel.allowedInstanceFamilies }).safeParse(raw).data;
  const name = typed.safeParse(nodes[color]).data?.instanceType;
  const family = name === undefined ? undefined : gpuInstanceTypes[name]?.family;
  if (allowed === undefined || family === undefined) return [];
  const families = [...standardFamilies, ...allowed.allowedInstanceFamilies];
  if (families.includes(family)) return [];
  const accepted = `a type of ${families.join(", ")}; to use ${family} on purpose, add it to allowedInstanceFamilies`;
  return [{ path: ["instanceType"], accepted }];
});

const sizesInOrder = nodeRule(({ nodes }, color) => {
  const sizes = nodeGroup
    .pick({ minSize: true, desiredSize: true, maxSize: true })
    .strip()
    .safeParse(nodes[color]).data;
  if (sizes === undefined || (sizes.minSize <= sizes.desiredSize && sizes.desiredSize <= sizes.maxSize)) return [];
  const accepted = `from minSize (${sizes.minSize}) to maxSize (${sizes.maxSize})`;
  return [{ path: ["desiredSize"], problem: `${sizes.desiredSize} is not accepted`, accepted }];
});

/** Disks that come with the machine come with some machines. */
const instanceStoreIsThere = nodeRule(({ nodes }, color) => {
  const wanted = nodeGroup.pick({ instanceType: true, instanceStore: true }).strip().safeParse(nodes[color]).data;
  if (wanted?.instanceStore !== true || gpuInstanceTypes[wanted.instanceType]?.instanceStoreGB !== 0) return [];
  return [{ path: ["instanceStore"], accepted: `false: ${wanted.instanceType} has no disks of its own` }];
});

/** A reservation's machines are all in one zone. */
const reservationsHaveAZone = nodeRule(({ nodes }, color) => {
  const { capacity, zone } = nodeGroup.pick({ capacity: true, zone: true }).strip().safeParse(nodes[color]).data ?? {};
  if (capacity === undefined || !("id" in capacity) || zone !== undefined) return [];
  return [{ path: ["zone"], accepted: `the zone of ${capacity.id}, whose machines are all in one` }];
});

/** What no node image can do. A cluster that is adopted tells its version only when the program runs. */
const imagesDriveGpus = nodeRule(({ nodes }, color, raw) => {
  const cluster = z.object({ cluster: topLevel.cluster }).safeParse(raw).data?.cluster;
  const node = nodeGroup.pick({ instanceType: true, ami: true, amiRelease: true }).strip().safeParse(nodes[color]).data;
  if (cluster?.kind !== "create" || node === undefined) return [];
  const fault = amiFault(node.ami, node.instanceType, cluster.version);
  if (fault !== undefined) return [{ path: ["ami"], problem: fault, accepted: Object.keys(gpuAmis).join(" or ") }];
  const release = node.amiRelease === undefined ? undefined : releaseFault(node.ami, cluster.version, node.amiRelease);
  if (release === undefined) return [];
  return [
    { path: ["amiRelease"], problem: release, accepted: `a release such as ${gpuAmis[node.ami].release.example}` },
  ];
});

/** A Pod's GPUs are all on one node. */
const gpusFitANode: Rule = {
  check: (raw) =>
    poolsOf(raw).flatMap(({ path, nodes, services }) =>
      Object.entries(services).flatMap(([name, service]) => {
        const wanted = z.object({ gpusPerPod: serviceFields.gpusPerPod }).safeParse(service).data?.gpusPerPod;
        if (wanted === undefined) return [];
        return colors.flatMap((color) => {
          const type = typed.safeParse(nodes[color]).data?.instanceType;
          const gpus = type === undefined ? undefined : gpuInstanceTypes[type]?.gpus;
          if (type === undefined || gpus === undefined || wanted <= gpus) return [];
          // The same type in both colours is one mistake, told once.
          if (color === "green" && typed.safeParse(nodes[other(color)]).data?.instanceType === type) return [];
          const where = [...path, color, "instanceType"].join(".");
          return [
            {
              path: ["services", name, "gpusPerPod"],
              accepted: `at most ${gpus}, the GPUs of a ${type} node (${where})`,
            },
          ];
        });
      }),
    ),
};

/** A colour's nodes hold all its Pods at peak, and one more: a rollout starts a new Pod before it ends an old one. */
const nodesHoldAllPods = nodeRule(({ nodes: pair, services }, color) => {
  const fields = z.object({ replicas: serviceFields.replicas, gpusPerPod: serviceFields.gpusPerPod });
  const known = Object.values(services).map((service) => fields.safeParse(service).data);
  const pods = known.filter((service) => service !== undefined);
  if (pods.length < known.length || pods.length === 0) return [];
  const nodes = nodeGroup.pick({ instanceType: true, maxSize: true }).strip().safeParse(pair[color]).data;
  const gpus = nodes && gpuInstanceTypes[nodes.instanceType]?.gpus;
  // A Pod that no node can hold is the rule's above.
  if (gpus === undefined || pods.some(({ gpusPerPod }) => gpusPerPod > gpus)) return [];
  const wanted = [
    ...pods.map(({ replicas, gpusPerPod }) => ({ count: replicas, gpus: gpusPerPod })),
    { count: 1, gpus: Math.max(...pods.map(({ gpusPerPod }) => gpusPerPod)) },
  ];
  const needed = nodesNeeded(wanted, gpus);
  if (nodes === undefined || nodes.maxSize >= needed) return [];
  const sum = wanted.reduce((total, { count, gpus: each }) => total + count * each, 0);
  const accepted = `at least ${needed}: all Pods at peak and one more, for rollouts, want ${sum} GPUs, and a ${nodes.instanceType} has ${gpus}`;
  return [{ path: ["maxSize"], problem: `${nodes.maxSize} is not accepted`, accepted }];
});

const nodesMatchCluster: Rule = {
  check(raw) {
    const kind = z.object({ cluster: topLevel.cluster }).safeParse(raw).data?.cluster.kind;
    if (kind === undefined) return [];
    const pools = poolsOf(raw);
    if (kind === "kubeconfig")
      return pools.map(({ path }) => ({
        path,
        problem: "a cluster of kind kubeconfig has its nodes already",
        accepted: "no gpuNodes, or cluster.kind adopt or create",
      }));
    const { services } = z.object({ services: anyServices }).parse(raw);
    const allHaveTheirOwn = Object.values(services).every((service) => withNodes.safeParse(service).success);
    if (allHaveTheirOwn || z.object({ gpuNodes: z.unknown().refine((v) => v !== undefined) }).safeParse(raw).success)
      return [];
    return [{ path: ["gpuNodes"], accepted: `an object with blue and green, since cluster.kind is ${kind}` }];
  },
};

const systemSizesInOrder = rule(z.object({ cluster: topLevel.cluster }), ({ cluster }) =>
  cluster.kind !== "create" || cluster.systemNodes.minSize <= cluster.systemNodes.maxSize
    ? []
    : [{ path: ["cluster", "systemNodes", "maxSize"], accepted: `at least minSize, ${cluster.systemNodes.minSize}` }],
);

export const nodeRules: readonly Rule[] = [
  familiesAllowed,
  sizesInOrder,
  instanceStoreIsThere,
  reservationsHaveAZone,
  imagesDriveGpus,
  gpusFitANode,
  nodesMatchCluster,
  nodesHoldAllPods,
  systemSizesInOrder,
];
