import { describe, expect, it } from "vitest";
import { notOffered, offering, zonesWithAll } from "../../../components/offeredZones";
import { record, valueOf } from "../../support/mocks";

const allOf = (type: string) => ["b", "a"].map((zone) => ({ type, zone }));

describe("the zones that offer a type", () => {
  it("are those that offer every one of several, in the order of the alphabet", () => {
    expect(zonesWithAll(["p4d.24xlarge"], allOf("p4d.24xlarge"))).toEqual(["a", "b"]);
    expect(
      zonesWithAll(["p4d.24xlarge", "m5.large"], [...allOf("m5.large"), { type: "p4d.24xlarge", zone: "b" }]),
    ).toEqual(["b"]);
    expect(zonesWithAll(["p4d.24xlarge"], [])).toEqual([]);
  });

  it("are what AWS answers", async () => {
    const { made } = await record(() => offering(["p4d.24xlarge"], {}));
    expect(await valueOf(made)).toEqual({ zones: ["eu-west-1b"] });
  });
});

describe("a type that no zone offers", () => {
  it("is told with its date, what the region offers instead, and what to change", async () => {
    const { made } = await record(() => offering(["p3.2xlarge"], {}));
    const { zones, problem } = await valueOf(made);
    expect(zones).toEqual([]);
    expect(problem).toMatch(
      /^no zone of eu-west-1 offers p3\.2xlarge\. AWS asked everybody to leave p3\.2xlarge by 2025-12-20\. It offers g4dn/,
    );
    expect(problem).toContain("p4d.24xlarge, p4de.24xlarge: choose one of them as instanceType, or another region");
    expect(problem).not.toContain("p3dn");
  });

  it("is told without alternatives where there are none", () => {
    expect(notOffered(["p4d.24xlarge", "m5.large"], "eu-north-1", [])).toBe(
      "no zone of eu-north-1 offers p4d.24xlarge, m5.large together. Choose another instanceType, or another region (aws:region).",
    );
  });

  it("has each of its alternatives once, smaller numbers first", () => {
    const others = ["g5.16xlarge", "g5.2xlarge", "g5.xlarge"].flatMap((type) => allOf(type));
    expect(notOffered(["g5.4xlarge"], "eu-west-1", others)).toContain("It offers g5.2xlarge, g5.16xlarge, g5.xlarge:");
  });
});
