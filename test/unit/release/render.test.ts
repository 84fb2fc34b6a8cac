import { afterEach, describe, expect, it, vi } from "vitest";
import { table } from "../../../release/render/table";
import { age, duration } from "../../../release/render/time";

describe("a duration", () => {
  it.each([
    [400, "0.4 s"],
    [2800, "2.8 s"],
    [10_000, "10 s"],
    [59_600, "1 min"],
    [190_000, "3 min 10 s"],
    [7_500_000, "2 h 5 min"],
    [3_600_000, "1 h"],
    [273_600_000, "3 d 4 h"],
  ])("of %i ms reads %s", (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});

describe("an age", () => {
  const now = new Date(1_000_000_000);
  it.each([
    [1000, "just now"],
    [45_000, "45 s ago"],
    [190_000, "3 min ago"],
    [90_000_000, "1 d ago"],
    [-5000, "just now"],
  ])("of %i ms reads %s", (ms, words) => {
    expect(age(new Date(now.getTime() - ms), now)).toBe(words);
  });
});

describe("a table", () => {
  it("has columns as wide as their widest line, and nothing at the end of a line", () => {
    expect(
      table(
        ["A", "LONG"],
        [
          ["x", "y"],
          ["wide cell", "two\nlines"],
        ],
        "  ",
      ),
    ).toBe(["  A          LONG", "  x          y", "  wide cell  two", "             lines"].join("\n"));
  });
});

describe("colours", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  it("are for a terminal alone: the log of a pipeline stays plain", async () => {
    vi.stubEnv("CI", "true");
    vi.resetModules();
    const { colorName } = await import("../../../release/render/colors.ts");
    expect(colorName("blue")).toBe("blue");
  });
});
