/**
 * Rules that involve more than one key. Each says which parts it needs, as a schema: where a part is itself at fault the
 * rule is silent, so that one mistake gives one message and every mistake is still found in one run.
 */
import * as path from "node:path";
import { z } from "zod";
import { colors, other } from "../components/colors";
import { gpuInstanceTypes, standardFamilies } from "../components/gpuInstanceTypes";
import type { Fault } from "./faults";
import { colorSettings, instanceType, modelStore, nodeGroup, serviceFields, topLevel } from "./schema";

interface Rule {
  check(raw: unknown): Fault[];
}

/** A rule over the parts that `needs` picks; `services` rules are run once for each service. */
function rule<S extends z.ZodType>(needs: S, check: (parts: z.output<S>) => Fault[]): Rule {
  return {
    check(raw) {
      const parts = needs.safeParse(raw);
      return parts.success ? check(parts.data) : [];
    },
  };
}

const perService: Rule[] = [
  rule(z.object({ replicas: serviceFields.replicas, standbyReplicas: serviceFields.standbyReplicas }), (service) =>
    service.standbyReplicas > service.replicas
      ? [{ path: ["standbyReplicas"], accepted: `at most replicas, which is ${service.replicas}` }]
      : [],
  ),
  rule(
    z.object({ replicas: serviceFields.replicas, offPeakReplicas: serviceFields.offPeakReplicas.unwrap() }),
    (service) =>
      service.offPeakReplicas > service.replicas
        ? [{ path: ["offPeakReplicas"], accepted: `at most replicas, which is ${service.replicas}` }]
        : [],
  ),
  rule(
    z.object({
      drainDelaySeconds: serviceFields.drainDelaySeconds,
      terminationGracePeriodSeconds: serviceFields.terminationGracePeriodSeconds,
    }),
    (service) =>
      service.drainDelaySeconds >= service.terminationGracePeriodSeconds
        ? [
            {
              path: ["drainDelaySeconds"],
              accepted: `less than terminationGracePeriodSeconds, which is ${service.terminationGracePeriodSeconds}`,
            },
          ]
        : [],
  ),
];

const anyService = z.record(z.string(), z.unknown());

/** The host path of a colour's models, by service: the directories that must all differ. */
const hostPathsDiffer = rule(z.object({ modelStore, services: anyService }), ({ modelStore, services }) => {
  if (modelStore.kind !== "hostPath") return [];
  return Object.entries(services).flatMap(([name, raw]) => {
    const service = z
      .object({
        blue: z.object({ models: colorSettings.shape.models }),
        green: z.object({ models: colorSettings.shape.models }),
      })
      .safeParse(raw);
    if (!service.success || service.data.blue.models !== service.data.green.models) return [];
    const shared = path.posix.join(modelStore.path, service.data.green.models);
    return [
      {
        path: ["services", name, "green", "models"],
        problem: `${JSON.stringify(service.data.green.models)} gives both colours the same host path, ${shared}`,
        accepted:
          "a directory of its own for each colour, since a directory on a node can change under the live colour",
      },
    ];
  });
});

const hostsDiffer = rule(z.object({ services: anyService }), ({ services }) => {
  const owners = new Map<string, string>();
  return Object.entries(services).flatMap(([name, raw]) => {
    const host = z.object({ host: serviceFields.host }).safeParse(raw).data?.host;
    if (host === undefined) return [];
    const clash = [host, `preview.${host}`].find((taken) => owners.has(taken));
    if (clash !== undefined) {
      const problem = `${JSON.stringify(host)} is taken: ${clash} belongs to service ${owners.get(clash) ?? ""}`;
      return [
        {
          path: ["services", name, "host"],
          problem,
          accepted: "a host (with its preview.<host>) that no other service uses",
        },
      ];
    }
    owners.set(host, name).set(`preview.${host}`, name);
    return [];
  });
});

const aNodeGroup = z.object({ instanceType });

const familiesAllowed = rule(
  z.object({ allowedInstanceFamilies: topLevel.allowedInstanceFamilies, gpuNodes: z.record(z.string(), z.unknown()) }),
  ({ allowedInstanceFamilies, gpuNodes }) =>
    colors.flatMap((color) => {
      const name = aNodeGroup.safeParse(gpuNodes[color]).data?.instanceType;
      const family = name === undefined ? undefined : gpuInstanceTypes[name]?.family;
      if (family === undefined || [...standardFamilies, ...allowedInstanceFamilies].includes(family)) return [];
      const accepted = `a type of ${[...standardFamilies, ...allowedInstanceFamilies].join(", ")}; to use ${family} on purpose, add it to allowedInstanceFamilies`;
      return [{ path: ["gpuNodes", color, "instanceType"], accepted }];
    }),
);

const sizesInOrder = rule(z.object({ gpuNodes: z.record(z.string(), z.unknown()) }), ({ gpuNodes }) =>
  colors.flatMap((color) => {
    const sizes = nodeGroup
      .pick({ minSize: true, desiredSize: true, maxSize: true })
      .strip()
      .safeParse(gpuNodes[color]).data;
    if (sizes === undefined || (sizes.minSize <= sizes.desiredSize && sizes.desiredSize <= sizes.maxSize)) return [];
    const accepted = `from minSize (${sizes.minSize}) to maxSize (${sizes.maxSize})`;
    return [{ path: ["gpuNodes", color, "desiredSize"], problem: `${sizes.desiredSize} is not accepted`, accepted }];
  }),
);

const gpusFitANode = rule(
  z.object({ gpuNodes: z.record(z.string(), z.unknown()), services: anyService }),
  ({ gpuNodes, services }) =>
    Object.entries(services).flatMap(([name, raw]) => {
      const wanted = z.object({ gpusPerPod: serviceFields.gpusPerPod }).safeParse(raw).data?.gpusPerPod;
      if (wanted === undefined) return [];
      return colors.flatMap((color) => {
        const type = aNodeGroup.safeParse(gpuNodes[color]).data?.instanceType;
        const gpus = type === undefined ? undefined : gpuInstanceTypes[type]?.gpus;
        if (type === undefined || gpus === undefined || wanted <= gpus) return [];
        // The same type in both colours is one mistake, told once.
        if (color === "green" && aNodeGroup.safeParse(gpuNodes[other(color)]).data?.instanceType === type) return [];
        const accepted = `at most ${gpus}, the GPUs of a ${type} node (gpuNodes.${color}.instanceType)`;
        return [{ path: ["services", name, "gpusPerPod"], accepted }];
      });
    }),
);

const nodesMatchCluster = rule(
  z.object({ cluster: topLevel.cluster, gpuNodes: z.unknown().optional() }),
  ({ cluster, gpuNodes }) => {
    if (cluster.kind === "kubeconfig" && gpuNodes !== undefined) {
      return [
        {
          path: ["gpuNodes"],
          problem: "a cluster of kind kubeconfig has its nodes already",
          accepted: "no gpuNodes, or cluster.kind adopt or create",
        },
      ];
    }
    if (cluster.kind !== "kubeconfig" && gpuNodes === undefined) {
      return [{ path: ["gpuNodes"], accepted: `an object with blue and green, since cluster.kind is ${cluster.kind}` }];
    }
    return [];
  },
);

const wholeRules: Rule[] = [
  hostPathsDiffer,
  hostsDiffer,
  familiesAllowed,
  sizesInOrder,
  gpusFitANode,
  nodesMatchCluster,
];

/** Every fault that involves more than one key. `raw` is the configuration as written. */
export function crossFaults(raw: unknown): Fault[] {
  const services = z.object({ services: anyService }).safeParse(raw).data?.services ?? {};
  const inServices = Object.entries(services).flatMap(([name, service]) =>
    perService.flatMap((each) =>
      each.check(service).map((fault) => ({ ...fault, path: ["services", name, ...fault.path] })),
    ),
  );
  return [...inServices, ...wholeRules.flatMap((each) => each.check(raw))];
}
