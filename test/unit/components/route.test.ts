import { describe, expect, it } from "vitest";
import { colors } from "../../../components/colors";
import { Route, type RouteArgs, type RouteKind } from "../../../components/route";
import { ingressBackend, serviceColor } from "../../../components/routeGuard";
import { aRoute, ruleTo } from "../../support/args";
import { at, type Graph } from "../../support/graph";
import { record, valueOf } from "../../support/mocks";

async function routeOf(change: Partial<RouteArgs> = {}): Promise<Graph> {
  return (await record(() => new Route("route", aRoute(change)))).graph;
}

async function ingressOf(change: Partial<RouteArgs> = {}): Promise<unknown> {
  return (await routeOf(change)).one("Ingress", "route-ingress").inputs;
}

describe("the route by Ingress", () => {
  it("is one Ingress that sends the whole host to the live colour's Service", async () => {
    const graph = await routeOf();
    expect(graph.toString()).toBe("Route route\n  Ingress route-ingress");
    const ingress = graph.one("Ingress", "route-ingress").inputs;
    expect(at(ingress, "metadata.name")).toBe("facefusion-ingress");
    expect(at(ingress, "metadata.namespace")).toBe("inference");
    expect(at(ingress, "spec")).toEqual({
      ingressClassName: "nginx",
      rules: [ruleTo("facefusion.example.com", "facefusion-blue")],
    });
  });

  it("balances by least connections, over the Pods themselves", async () => {
    const annotations = at(await ingressOf(), "metadata.annotations");
    expect(annotations).toMatchObject({ "nginx.org/lb-method": "least_conn" });
    expect(annotations).not.toHaveProperty(["nginx.org/use-cluster-ip"]);
  });
});

describe("the route by Service", () => {
  it.each(colors)("is a live Service that selects %s, and an Ingress that stays on it", async (liveColor) => {
    const graph = await routeOf({ kind: "service", liveColor });
    expect(graph.toString()).toBe("Route route\n  Ingress route-ingress\n  Service route-live");
    const live = graph.one("Service", "route-live");
    expect(at(live.inputs, "metadata.name")).toBe("facefusion-live");
    expect(at(live.inputs, "spec.selector")).toEqual({ "app.kubernetes.io/name": "facefusion", color: liveColor });
    expect(at(live.inputs, "spec.ports.0")).toMatchObject({ port: 80, targetPort: "http" });
    const ingress = graph.one("Ingress", "route-ingress");
    expect(at(ingress.inputs, "spec.rules")).toEqual([ruleTo("facefusion.example.com", "facefusion-live")]);
    expect(graph.waitsFor(ingress, live)).toBe(true);
  });

  it("goes by the Service's cluster IP, so that its selector is what a switch moves", async () => {
    const annotations = at(await ingressOf({ kind: "service" }), "metadata.annotations");
    expect(annotations).toMatchObject({ "nginx.org/use-cluster-ip": "true" });
    expect(annotations).not.toHaveProperty(["nginx.org/lb-method"]);
  });
});

describe("the address", () => {
  it.each<[RouteKind, Partial<RouteArgs>, string]>([
    ["ingress", {}, "http://facefusion.example.com"],
    ["service", {}, "http://facefusion.example.com"],
    ["ingress", { port: 18080 }, "http://facefusion.example.com:18080"],
    ["ingress", { tls: { kind: "secret", name: "wildcard" } }, "https://facefusion.example.com"],
    ["ingress", { tls: { kind: "issuer", name: "le" }, port: 18443 }, "https://facefusion.example.com:18443"],
  ])("by %s, with %j, is %s", async (kind, change, url) => {
    const { graph, made } = await record(() => new Route("route", aRoute({ kind, ...change })));
    expect(await valueOf(made.url)).toBe(url);
    expect(graph.one("Route", "route").outputs).toEqual({ url });
  });
});

describe("what the route's hooks watch", () => {
  it("is where its resources name the colour", async () => {
    expect(at(await ingressOf(), ingressBackend.join("."))).toBe("facefusion-blue");
    const byService = await routeOf({ kind: "service", liveColor: "green" });
    expect(at(byService.one("Service", "route-live").inputs, serviceColor.join("."))).toBe("green");
  });
});
