import { describe, expect, it } from "vitest";
import { chooseServices, chooseStack, theOnlyService } from "../../../release/context";
import { exitCodes } from "../../../release/errors";

const stacks = [
  { name: "dev", current: false },
  { name: "prod", current: true },
];

describe("the stack that a command is about", () => {
  it("is what the option says, else PULUMI_STACK, else the one that is selected", () => {
    expect(chooseStack("a", stacks, "b")).toBe("a");
    expect(chooseStack(undefined, stacks, "b")).toBe("b");
    expect(chooseStack(undefined, stacks, undefined)).toBe("prod");
    expect(chooseStack(undefined, stacks, "")).toBe("prod");
  });

  it("is asked for where none of them says, with the stacks that there are", () => {
    const unselected = stacks.map(({ name }) => ({ name, current: false }));
    expect(() => chooseStack(undefined, unselected, undefined)).toThrow(
      expect.objectContaining({ remedy: "Say which one with --stack: dev, prod", exitCode: exitCodes.usage }),
    );
  });
});

describe("the services that a command is about", () => {
  it("are all of them, or the one that is named", () => {
    expect(chooseServices(["a", "b"], undefined)).toEqual(["a", "b"]);
    expect(chooseServices(["a", "b"], "b")).toEqual(["b"]);
  });

  it("are not one that does not exist", () => {
    expect(() => chooseServices(["a", "b"], "c")).toThrow(
      expect.objectContaining({ remedy: "Choose one of: a, b", exitCode: exitCodes.usage }),
    );
  });

  it("are one for a command that acts: the only one, or else it has to be named", () => {
    expect(theOnlyService([{ name: "a" }])).toEqual({ name: "a" });
    expect(() => theOnlyService([{ name: "a" }, { name: "b" }])).toThrow("This stack has several services: a, b.");
  });
});
