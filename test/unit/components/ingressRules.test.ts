import { describe, expect, it } from "vitest";
import type { TrafficArgs } from "../../../components/ingressRules";
import { PreviewIngress } from "../../../components/previewIngress";
import { Route } from "../../../components/route";
import { aPreview, aRoute } from "../../support/args";
import { at, type Graph } from "../../support/graph";
import { record } from "../../support/mocks";

function ingressIn(graph: Graph): unknown {
  return graph.all("Ingress")[0]?.inputs;
}

async function routeOf(change: Partial<TrafficArgs> = {}): Promise<unknown> {
  return ingressIn((await record(() => new Route("route", aRoute(change)))).graph);
}

async function previewOf(change: Partial<TrafficArgs> = {}): Promise<unknown> {
  return ingressIn((await record(() => new PreviewIngress("preview", aPreview(change)))).graph);
}

describe.each<[string, (change?: Partial<TrafficArgs>) => Promise<unknown>, string, string]>([
  ["the route", routeOf, "facefusion.example.com", "facefusion-ingress"],
  ["the preview", previewOf, "preview.facefusion.example.com", "facefusion-preview"],
])("%s", (_which, rendered, host, name) => {
  it("is served by the configured class", async () => {
    expect(at(await rendered({ ingressClassName: "nginx-internal" }), "spec.ingressClassName")).toBe("nginx-internal");
  });

  it("takes long uploads and waits for long jobs", async () => {
    const annotations = at(await rendered({ maxUpload: "3g", requestTimeoutSeconds: 1800 }), "metadata.annotations");
    expect(annotations).toMatchObject({
      "nginx.org/client-max-body-size": "3g",
      "nginx.org/proxy-read-timeout": "1800s",
      "nginx.org/proxy-send-timeout": "1800s",
      "nginx.org/proxy-buffering": "False",
    });
  });

  it("has no snippet, which could lead past the guard", async () => {
    expect(JSON.stringify(at(await rendered(), "metadata.annotations"))).not.toContain("snippet");
  });

  it("has no TLS where none is asked for", async () => {
    const ingress = await rendered();
    expect(at(ingress, "spec.tls")).toBeUndefined();
    expect(at(ingress, "metadata.annotations")).not.toHaveProperty(["cert-manager.io/cluster-issuer"]);
  });

  it("takes TLS from a Secret that is there", async () => {
    const ingress = await rendered({ tls: { kind: "secret", name: "wildcard" } });
    expect(at(ingress, "spec.tls")).toEqual([{ hosts: [host], secretName: "wildcard" }]);
    expect(at(ingress, "metadata.annotations")).not.toHaveProperty(["cert-manager.io/cluster-issuer"]);
  });

  it("lets an issuer make a Secret of its own", async () => {
    const ingress = await rendered({ tls: { kind: "issuer", name: "letsencrypt" } });
    expect(at(ingress, "spec.tls")).toEqual([{ hosts: [host], secretName: `${name}-tls` }]);
    expect(at(ingress, "metadata.annotations")).toMatchObject({ "cert-manager.io/cluster-issuer": "letsencrypt" });
  });
});
