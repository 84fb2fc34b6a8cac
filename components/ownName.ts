import * as pulumi from "@pulumi/pulumi";

/** A name that no other stack of the account has, for what people look for by name, or AWS does. */
export function ownName(what?: string): string {
  return [pulumi.getProject(), pulumi.getStack(), what].filter((part) => part !== undefined).join("-");
}
