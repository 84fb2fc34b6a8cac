import { describe, expect, it } from "vitest";
import { policyFault } from "../../../sandbox/plugins/aws/models/policies";
import { cronFault, timeZoneFault } from "../../../sandbox/plugins/aws/models/schedules";

describe("a recurrence", () => {
  it.each(["0 20 * * 1-5", "*/15 0-6/2 1,15 JAN-MAR sun", "59 23 31 12 7"])("may be %s", (cron) => {
    expect(cronFault(cron)).toBeUndefined();
  });

  it.each([
    ["0 20 * * * *", /has 6 fields; AWS takes 5: minute, hour/],
    ["60 20 * * *", /has "60" as its minute; AWS takes 0 to 59/],
    ["0 24 * * *", /"24" as its hour; AWS takes 0 to 23/],
    ["0 20 0 * *", /"0" as its day of the month; AWS takes 1 to 31/],
    ["0 20 * 13 *", /"13" as its month; AWS takes 1 to 12 or JAN to DEC/],
    ["0 20 * * MON-FRY", /"MON-FRY" as its day of the week; AWS takes 0 to 7 or SUN to SAT/],
    ["0 20 * * 5-1", /"5-1" as its day of the week/],
    ["*/0 20 * * *", /"\*\/0" as its minute/],
    ["0 20 ? * *", /"\?" as its day of the month/],
  ])("may not be %s", (cron, message) => {
    expect(cronFault(cron)).toMatch(message);
  });
});

describe("a time zone", () => {
  it.each(["Europe/Berlin", "Etc/UTC", "UTC", "US/Pacific", "Asia/Kolkata"])("may be %s", (zone) => {
    expect(timeZoneFault(zone)).toBeUndefined();
  });

  it.each(["Europe/Berln", "europe/berlin", "+01:00", "CET-1", ""])("may not be '%s'", (zone) => {
    expect(timeZoneFault(zone)).toMatch(/^is no time zone; AWS takes .* such as Europe\/Berlin/);
  });
});

describe("a policy", () => {
  const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };

  it.each([
    ["identity", { Version: "2012-10-17", Statement: [allow] }],
    ["identity", { Statement: { Effect: "Deny", NotAction: "s3:*", NotResource: "*" } }],
    ["trust", { Version: "2012-10-17", Statement: [trust] }],
    ["resource", { Version: "2008-10-17", Statement: [{ ...allow, Principal: "*" }] }],
  ] as const)("may be of an %s", (kind, policy) => {
    expect(policyFault(kind)(JSON.stringify(policy))).toBeUndefined();
  });

  it.each([
    ["identity", "{", /^is no policy; AWS takes a JSON object$/],
    [
      "identity",
      { Version: "2012-10-18", Statement: [allow] },
      /has the Version "2012-10-18"; AWS takes 2012-10-17 or/,
    ],
    ["identity", { Version: "2012-10-17", Statement: [] }, /has no Statement/],
    [
      "identity",
      { Statement: [allow, { ...allow, Effect: "allow" }] },
      /\(number 2\) that has the Effect "allow"; AWS takes/,
    ],
    ["identity", { Statement: [{ Effect: "Allow", Resource: "*" }] }, /has no Action/],
    ["identity", { Statement: [{ ...allow, Actions: "s3:*" }] }, /has the element Actions; AWS takes/],
    ["identity", { Statement: [{ ...allow, Principal: "*" }] }, /has a Principal/],
    ["identity", { Statement: [{ Effect: "Allow", Action: "*" }] }, /has no Resource/],
    ["trust", { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole" }] }, /has no Principal/],
    ["trust", { Statement: [{ ...trust, Resource: "*" }] }, /has a Resource/],
  ] as const)("of an %s may not be %j", (kind, policy, message) => {
    expect(policyFault(kind)(typeof policy === "string" ? policy : JSON.stringify(policy))).toMatch(message);
  });
});
