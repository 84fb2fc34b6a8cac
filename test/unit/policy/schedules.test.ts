import { expect, it } from "vitest";
import { kinds } from "../../../policy/kinds";
import type { Resource } from "../../../policy/rule";
import { schedules } from "../../../policy/schedules";
import { aResource, aSchedule, messagesOf } from "../../support/rules";

const aGroup = (color: string, pool?: string) =>
  aResource(kinds.nodeGroup, "nodes", {
    instanceTypes: ["g5.xlarge"],
    scalingConfig: { minSize: 0, desiredSize: 2, maxSize: 8 },
    labels: { color, ...(pool !== undefined && { pool }) },
  });

const services = { facefusion: {}, motion: { liveColor: "green" }, detection: { gpuNodes: {} } };

/** What the policy has against a group with so many nodes by each of its schedules. */
function problemsOf(group: Resource, sizes: Record<string, number>): string[] {
  const own = Object.entries(sizes).map(([name, desiredCapacity]) => aSchedule(name, group, { desiredCapacity }));
  const stackConfig = { "facefusion:liveColor": "blue", "facefusion:services": services };
  return messagesOf(schedules, [group, ...own], { stackConfig }).messages;
}

it.each([
  ["blue", 2],
  ["green", 2],
  ["green", 4],
])("refuses nodes of %s that are %d at peak and off-peak, whatever the most may be", (color, size) => {
  const [message] = problemsOf(aGroup(color), { peak: size, "off-peak": size });
  expect(message).toContain(`nodes: off-peak has as many nodes as peak and more than 1`);
  expect(message).toContain(`(peak: ${size} nodes, recurrence 0 19 * * 1-5; off-peak: ${size} nodes`);
});

it("accepts fewer nodes off-peak than at peak", () => {
  expect(problemsOf(aGroup("blue"), { peak: 4, "off-peak": 3 })).toEqual([]);
});

it("accepts one node for each service that is live there all the time, and of an idle colour none", () => {
  expect(problemsOf(aGroup("green"), { peak: 1, "off-peak": 1 })).toEqual([]);
  expect(problemsOf(aGroup("blue", "detection"), { peak: 1, "off-peak": 1 })).toEqual([]);
  expect(problemsOf(aGroup("green", "detection"), { peak: 1, "off-peak": 1 })).toEqual([
    expect.stringContaining("off-peak has as many nodes as peak (peak: 1 nodes"),
  ]);
  expect(problemsOf(aGroup("green", "detection"), { peak: 0, "off-peak": 0 })).toEqual([]);
});

it("holds a single schedule against what the group starts with", () => {
  expect(problemsOf(aGroup("blue"), { "off-peak": 1 })).toEqual([]);
  expect(problemsOf(aGroup("blue"), { "off-peak": 2 })).toHaveLength(1);
});
