import { describe, expect, it } from "vitest";
import { namesVersion } from "../../sandbox/tools/tools";

describe("a program that is installed", () => {
  it.each([
    ["etcd Version: 3.6.8\nGit SHA: Not provided", "v3.6.8"],
    ["CoreDNS-1.12.4\nlinux/amd64, go1.26.0,", "v1.12.4"],
    ["Kubernetes v1.36.3", "v1.36.3"],
    ["v3.259.0", "v3.259.0"],
  ])("is taken where it says the version: %j", (says, version) => {
    expect(namesVersion(says, version)).toBe(true);
  });

  it.each([
    ["Kubernetes v1.36.30", "v1.36.3"],
    ["Kubernetes v1.36.3.1", "v1.36.3"],
    ["Kubernetes v11.36.3", "v1.36.3"],
    ["Kubernetes v1x36x3", "v1.36.3"],
    ["", "v1.36.3"],
  ])("is not taken where it says another: %j", (says, version) => {
    expect(namesVersion(says, version)).toBe(false);
  });
});
