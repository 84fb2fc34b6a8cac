import { describe, expect, it } from "vitest";
import { chooseZones, networkZones } from "../../../components/networkZones";
import { record, valueOf } from "../../support/mocks";

const found = { region: "eu-west-1", names: ["a", "b", "c", "d"] };

describe("the zones of a network", () => {
  it.each([
    ["are the first ones where nothing is asked for", [], 3, ["a", "b", "c"]],
    ["offer the type first", [["c", "d"]], 3, ["c", "d", "a"]],
    ["offer as many of the types as they can", [["a", "c"], ["c"]], 2, ["c", "a"]],
    ["have one for each type, common or not", [["a", "b", "c"], ["a", "b", "c"], ["d"]], 2, ["a", "d"]],
  ])("%s", (_what, offered, count, chosen) => {
    expect(chooseZones(found, offered, count)).toEqual(chosen);
  });

  it("are those of the region", async () => {
    const { made } = await record(() => networkZones(["p4d.24xlarge"], 2, {}));
    expect(await valueOf(made)).toEqual(["eu-west-1b", "eu-west-1a"]);
  });

  it("are there for a type that is offered nowhere any more: whoever has such nodes keeps the network", async () => {
    const { made } = await record(() => networkZones(["p3.2xlarge"], 2, {}));
    expect(await valueOf(made)).toEqual(["eu-west-1a", "eu-west-1b"]);
  });

  it("have to be enough", () => {
    expect(() => chooseZones(found, [], 5)).toThrow("eu-west-1 has 4 zones for a cluster, and 5 are asked for");
  });
});
