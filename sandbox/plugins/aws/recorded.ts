/** What recorded answers are made of: right in shape, of no real account. */
import { createHash } from "node:crypto";
import type { Values } from "../shared/values";

/** Answers a look-up (invoke) that a program makes. */
export type Lookup = (args: Values, region: string) => Values;

/** AWS's own example account. */
export const account = "123456789012";

export const vpcId = "vpc-0123456789abcdef0";

export function partition(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

export function arn(region: string, service: string, resource: string): string {
  const global = service === "iam" || service === "sts";
  return `arn:${partition(region)}:${service}:${global ? "" : region}:${account}:${resource}`;
}

export function zones(region: string): string[] {
  return ["a", "b", "c"].map((letter) => region + letter);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
