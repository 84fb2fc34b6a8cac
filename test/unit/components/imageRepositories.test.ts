import { describe, expect, it } from "vitest";
import { ImageRepositories } from "../../../components/imageRepositories";
import { record } from "../../support/mocks";

describe("the repositories of a stack", () => {
  it("are one for each name, with one key for all", async () => {
    const { graph, made } = await record(() => new ImageRepositories("images", { names: ["facefusion", "other/one"] }));
    expect(graph.all("Repository").map(({ name }) => name)).toEqual([
      "images-facefusion-repository",
      "images-other/one-repository",
    ]);
    expect(graph.all("Key")).toHaveLength(1);
    for (const repository of graph.all("Repository"))
      expect(graph.waitsFor(repository, graph.one("Key", "images-key-key"))).toBe(true);
    expect(made.arns).toHaveLength(2);
    expect(Object.keys(made.urls)).toEqual(["facefusion", "other/one"]);
  });

  it("are none, and no key either, where none is named", async () => {
    const { graph } = await record(() => new ImageRepositories("images", { names: [] }));
    expect(graph.nodes.map(({ name }) => name)).toEqual(["images"]);
  });
});
