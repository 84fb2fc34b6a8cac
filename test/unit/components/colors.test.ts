import { describe, expect, it } from "vitest";
import { colors, forEachColor, other } from "../../../components/colors";

describe("colours", () => {
  it("are two, each the other's other", () => {
    expect(colors.map(other)).toEqual(["green", "blue"]);
    expect(forEachColor((color) => `${color}!`)).toEqual({ blue: "blue!", green: "green!" });
  });
});
