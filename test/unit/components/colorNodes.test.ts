import * as random from "@pulumi/random";
import { expect, it } from "vitest";
import { BlueGreenService } from "../../../components/blueGreenService";
import { colors, other } from "../../../components/colors";
import { aService } from "../../support/args";
import { record } from "../../support/mocks";

it.each(colors)("the Pods of %s wait for their own nodes, and a switch to them for no others", async (color) => {
  const { graph } = await record(() => {
    const nodes = {
      blue: [new random.RandomId("blue-nodes", { byteLength: 1 })],
      green: [new random.RandomId("green-nodes", { byteLength: 1 })],
    };
    new BlueGreenService("facefusion", aService({ liveColor: color, nodes }));
  });
  const [own, others] = [graph.one("RandomId", `${color}-nodes`), graph.one("RandomId", `${other(color)}-nodes`)];
  const route = graph.one("Ingress", "facefusion-route-ingress");
  expect(graph.waitsFor(graph.one("Deployment", `facefusion-${color}-deployment`), own)).toBe(true);
  expect(graph.waitsFor(graph.one("Deployment", `facefusion-${other(color)}-deployment`), others)).toBe(true);
  expect(graph.waitsFor(route, own)).toBe(true);
  expect(graph.waitsFor(route, others)).toBe(false);
});
