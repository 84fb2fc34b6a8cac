import { describe, expect, it } from "vitest";
import { PreviewIngress } from "../../../components/previewIngress";
import { aPreview, ruleTo } from "../../support/args";
import { at } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

describe("the preview", () => {
  it("is one Ingress at preview.<host> that leads to the idle colour", async () => {
    const { graph } = await record(() => new PreviewIngress("preview", aPreview()));
    expect(graph.toString()).toBe("PreviewIngress preview\n  Ingress preview-ingress");
    const ingress = graph.one("Ingress", "preview-ingress").inputs;
    expect(at(ingress, "metadata.name")).toBe("facefusion-preview");
    expect(at(ingress, "metadata.namespace")).toBe("inference");
    expect(at(ingress, "spec.rules")).toEqual([ruleTo("preview.facefusion.example.com", "facefusion-green")]);
  });

  it("is an Ingress that stays on the idle Service by its cluster IP, where the route moves by Service, too", async () => {
    const { graph } = await record(() => new PreviewIngress("preview", aPreview({ kind: "service" })));
    expect(graph.toString()).toBe("PreviewIngress preview\n  Ingress preview-ingress\n  Service preview-idle");
    const [ingress, idle] = [graph.one("Ingress", "preview-ingress"), graph.one("Service", "preview-idle")];
    expect(at(idle.inputs, "metadata.name")).toBe("facefusion-idle");
    expect(at(idle.inputs, "spec.selector")).toEqual({ "app.kubernetes.io/name": "facefusion", color: "green" });
    expect(at(ingress.inputs, "spec.rules")).toEqual([ruleTo("preview.facefusion.example.com", "facefusion-idle")]);
    expect(at(ingress.inputs, "metadata.annotations")).toMatchObject({ "nginx.org/use-cluster-ip": "true" });
  });

  it("tells its address, with the controller's own port", async () => {
    const { graph, made } = await record(() => new PreviewIngress("preview", aPreview({ port: 18080 })));
    const url = "http://preview.facefusion.example.com:18080";
    expect(await valueOf(made.url)).toBe(url);
    expect(graph.one("PreviewIngress", "preview").outputs).toEqual({ url });
  });
});
