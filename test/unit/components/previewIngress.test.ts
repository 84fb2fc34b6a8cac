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

  it("tells its address, with the controller's own port", async () => {
    const { graph, made } = await record(() => new PreviewIngress("preview", aPreview({ port: 18080 })));
    const url = "http://preview.facefusion.example.com:18080";
    expect(await valueOf(made.url)).toBe(url);
    expect(graph.one("PreviewIngress", "preview").outputs).toEqual({ url });
  });
});
