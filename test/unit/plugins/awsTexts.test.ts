import { describe, expect, it } from "vitest";
import { imageExpiryFault } from "../../../sandbox/plugins/aws/models/imageExpiry";
import { policyFault } from "../../../sandbox/plugins/aws/models/policies";
import { cronFault, timeZoneFault } from "../../../sandbox/plugins/aws/models/schedules";
import { unknown } from "../../../sandbox/plugins/shared/values";

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
    ["resource", { Statement: [{ ...allow, Principal: { AWS: ["123456789012", "arn:aws:iam::123456789012:root"] } }] }],
    ["resource", { Statement: [{ Sid: "From the nodes", Effect: "Allow", Action: "*", Principal: "*" }] }],
    [
      "identity",
      {
        Statement: [
          { ...allow, Resource: "arn:aws:s3:::models/*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
        ],
      },
    ],
    [
      "trust",
      {
        Statement: [
          {
            ...trust,
            Condition: { "ForAnyValue:StringLikeIfExists": { "token.actions.githubusercontent.com:sub": "repo:*" } },
          },
        ],
      },
    ],
    // Not known before AWS has made what it names.
    ["identity", { Statement: [{ ...allow, Resource: [`${unknown}/*`], Condition: { StringEquals: unknown } }] }],
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
    [
      "identity",
      { Statement: [{ ...allow, Action: ["s3:Get*", "s3.GetObject"] }] },
      /has the Action "s3.GetObject"; AWS takes one such/,
    ],
    [
      "identity",
      { Statement: [{ ...allow, Resource: "models/*" }] },
      /has the Resource "models\/\*"; AWS takes an ARN/,
    ],
    [
      "identity",
      { Statement: [{ ...allow, Condition: { StringEqual: {} } }] },
      /the operator StringEqual; AWS takes StringEquals,/,
    ],
    [
      "identity",
      { Statement: [{ ...allow, Condition: { "ForAny:StringLike": {} } }] },
      /the operator ForAny:StringLike/,
    ],
    [
      "identity",
      { Statement: [{ ...allow, Condition: { Bool: { SecureTransport: "true" } } }] },
      /on "SecureTransport"; AWS takes keys such as/,
    ],
    [
      "identity",
      { Statement: [{ ...allow, Sid: "Read models" }] },
      /has the Sid "Read models"; AWS takes letters and digits/,
    ],
    [
      "identity",
      {
        Statement: [
          { ...allow, Sid: "A" },
          { ...allow, Sid: "A" },
        ],
      },
      /has the Sid "A" twice/,
    ],
    [
      "trust",
      { Statement: [{ ...trust, Principal: { Services: "ec2.amazonaws.com" } }] },
      /of the type Services; AWS takes AWS, /,
    ],
    [
      "trust",
      { Statement: [{ ...trust, Principal: { Service: "ec2" } }] },
      /has the Service "ec2"; AWS takes one such as ec2.amazonaws.com/,
    ],
    [
      "resource",
      { Statement: [{ ...allow, Principal: { AWS: "role/nodes" } }] },
      /has the AWS principal "role\/nodes"/,
    ],
  ] as const)("of an %s may not be %j", (kind, policy, message) => {
    expect(policyFault(kind)(typeof policy === "string" ? policy : JSON.stringify(policy))).toMatch(message);
  });

  it("may have no more characters than IAM takes, white space aside", () => {
    const policy = JSON.stringify({ Statement: [allow] }, null, 8);
    const { length } = policy.replaceAll(/\s/g, "");
    expect(policyFault("identity", length)(policy)).toBeUndefined();
    expect(policyFault("identity", length - 1)(policy)).toMatch(
      `has ${length} characters besides white space; AWS takes at most ${length - 1}`,
    );
  });
});

describe("what ECR removes", () => {
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
    action: { type: "expire" },
  };
  const selecting = (more: object) => ({ ...rule, selection: { ...rule.selection, ...more } });
  const byCount = {
    rulePriority: 2,
    selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 9 },
    action: { type: "expire" },
  };

  it.each([[[rule]], [[rule, byCount]], [[selecting({ tagStatus: "tagged", tagPatternList: ["test-*"] })]]])(
    "may be %j",
    (rules) => {
      expect(imageExpiryFault(JSON.stringify({ rules }))).toBeUndefined();
    },
  );

  it.each<[unknown, RegExp]>([
    [{ rule }, /takes a JSON object with rules/],
    [{ rules: [] }, /takes a JSON object with rules/],
    [{ rules: ["all"] }, /\(number 1\) that is no JSON object/],
    [{ rules: [selecting({ tagStatus: "none" })] }, /has the tagStatus "none"; AWS takes tagged, untagged, any/],
    [{ rules: [selecting({ tagStatus: "tagged" })] }, /has neither tagPatternList nor/],
    [
      { rules: [selecting({ tagPrefixList: ["v"] })] },
      /has tags to look for; AWS takes none with the tagStatus "untagged"/,
    ],
    [
      { rules: [selecting({ countType: "sincePushed" })] },
      /has the countType "sincePushed"; AWS takes imageCountMoreThan,/,
    ],
    [{ rules: [selecting({ countNumber: 0 })] }, /has the countNumber 0; AWS takes a whole number from 1/],
    [{ rules: [selecting({ countUnit: undefined })] }, /has no countUnit; AWS takes days/],
    [{ rules: [selecting({ storageClass: "cold" })] }, /has the storageClass "cold"/],
    [
      { rules: [{ ...rule, action: { type: "delete" } }] },
      /has the action.type "delete"; AWS takes expire, transition/,
    ],
    [{ rules: [{ ...rule, rulePriority: undefined }] }, /has no rulePriority/],
    [{ rules: [rule, rule] }, /two rules with the rulePriority 1/],
    [
      {
        rules: [
          { ...byCount, rulePriority: 1 },
          { ...rule, rulePriority: 2 },
        ],
      },
      /tagStatus "any" before another/,
    ],
  ])("may not be %j", (policy, message) => {
    expect(imageExpiryFault(JSON.stringify(policy))).toMatch(message);
  });
});
