import { describe, expect, it } from "vitest";
import { addonsOf, addonVersions, eksAddons, nodeAddons, podAddons } from "../../../components/eksAddons";
import { cluster } from "../../../settings/aws";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

describe("the table of add-ons", () => {
  it("has every Kubernetes version that the configuration accepts, and no other", () => {
    const accepted = ["1.34", "1.35", "1.36", "1.37"].filter(
      (version) => cluster.safeParse({ kind: "create", version }).success,
    );
    expect(Object.keys(addonVersions)).toEqual(accepted);
  });

  it.each(Object.keys(addonVersions))("has a build of EKS's for each add-on of %s", (version) => {
    const pinned = addonsOf(version);
    expect(Object.keys(pinned).sort()).toEqual([...nodeAddons, ...podAddons].sort());
    for (const build of Object.values(pinned)) expect(build).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    // A proxy that is newer than the API server is not supported.
    expect(pinned["kube-proxy"]).toMatch(new RegExp(`^v${version}\\.`));
  });

  it("refuses a version it does not have, by name", () => {
    expect(() => addonsOf("1.29")).toThrow("Kubernetes 1.29 is not in the table of add-ons, which has 1.35, 1.36");
  });
});

describe("the monitoring of nodes", () => {
  it("reaches the GPUs of nodes that are kept for them", async () => {
    const { graph } = await record(() =>
      eksAddons("eks", { clusterName: "prod", kubernetesVersion: "1.35", addons: podAddons }, {}),
    );
    const { inputs } = graph.one("Addon", "eks-eks-node-monitoring-agent");
    expect(JSON.parse(String(at(inputs, "configurationValues")))).toEqual({
      dcgmAgent: { tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }] },
    });
    expect(at(graph.one("Addon", "eks-coredns").inputs, "configurationValues")).toBeUndefined();
  });
});
