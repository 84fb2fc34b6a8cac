import { describe, expect, it } from "vitest";
import { selectorLabels, shortHash, stackName } from "../../../components/labels";

describe("names and labels", () => {
  it("tell the colours of a service, and the services of a colour, apart", () => {
    expect(stackName("facefusion", "blue")).toBe("facefusion-blue");
    expect(selectorLabels("facefusion", "blue")).not.toEqual(selectorLabels("facefusion", "green"));
    expect(selectorLabels("facefusion", "blue")).not.toEqual(selectorLabels("deepfake", "blue"));
  });

  it("hash a value to what a Kubernetes name may hold, the same for the same value in any order", () => {
    expect(shortHash({ a: 1, b: { c: 2, d: 3 } })).toMatch(/^[0-9a-f]{10}$/);
    expect(shortHash({ b: { d: 3, c: 2 }, a: 1 })).toBe(shortHash({ a: 1, b: { c: 2, d: 3 } }));
    expect(shortHash({ a: 1, b: { c: 2, d: 4 } })).not.toBe(shortHash({ a: 1, b: { c: 2, d: 3 } }));
    expect(shortHash(["a", "b"])).not.toBe(shortHash(["b", "a"]));
  });
});
