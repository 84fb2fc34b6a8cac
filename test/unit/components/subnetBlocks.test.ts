import { describe, expect, it } from "vitest";
import { subnetBlocks } from "../../../components/subnetBlocks";

describe("the address blocks of a VPC", () => {
  it("are an eighth for each zone's nodes, and a little at the end for each zone's gateways", () => {
    expect(subnetBlocks("10.20.0.0/16", 3)).toEqual([
      { private: "10.20.0.0/19", public: "10.20.224.0/24" },
      { private: "10.20.32.0/19", public: "10.20.225.0/24" },
      { private: "10.20.64.0/19", public: "10.20.226.0/24" },
    ]);
  });

  it("are no smaller than AWS allows in the smallest VPC", () => {
    expect(subnetBlocks("172.16.240.0/20", 2)).toEqual([
      { private: "172.16.240.0/23", public: "172.16.254.0/28" },
      { private: "172.16.242.0/23", public: "172.16.254.16/28" },
    ]);
  });

  it("begin where the VPC begins, wherever in it the given address is", () => {
    expect(subnetBlocks("10.20.7.9/16", 1)).toEqual(subnetBlocks("10.20.0.0/16", 1));
  });
});
