import { describe, expect, it } from "vitest";
import { ImageRepositories } from "../../../components/imageRepositories";
import { at } from "../../support/graph";
import { record } from "../../support/mocks";

describe("the repositories of a stack", () => {
  it("are one for each name, with one key for all", async () => {
    const repositories = [{ repository: "facefusion", service: "facefusion" }, { repository: "other/one" }];
    const { graph, made } = await record(() => new ImageRepositories("images", { repositories }));
    const tags = graph.all("Repository").map(({ name, inputs }) => [name, at(inputs, "tags")] as const);
    expect(Object.fromEntries(tags)).toEqual({
      "images-facefusion-repository": { "facefusion:service": "facefusion" },
      "images-other/one-repository": {},
    });
    expect(graph.all("Key")).toHaveLength(1);
    for (const repository of graph.all("Repository"))
      expect(graph.waitsFor(repository, graph.one("Key", "images-key-key"))).toBe(true);
    expect(made.arns).toHaveLength(2);
    expect(Object.keys(made.urls)).toEqual(["facefusion", "other/one"]);
  });

  it("are none, and no key either, where none is named", async () => {
    const { graph } = await record(() => new ImageRepositories("images", { repositories: [] }));
    expect(graph.nodes.map(({ name }) => name)).toEqual(["images"]);
  });
});
