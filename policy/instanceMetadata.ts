/** A request that a service is tricked into sending must not get a node's credentials: IMDSv2 asks for a token first. */
import { kinds } from "./kinds";
import { part, shown } from "./plain";
import type { ResourceRule } from "./rule";

export const instanceMetadata: ResourceRule = {
  name: "imdsv2-required",
  description: "Nodes hand their credentials out by IMDSv2 alone.",
  types: [kinds.launchTemplate, kinds.nodeGroup],
  check({ type, name, props }, findings) {
    if (type === kinds.nodeGroup) {
      if (part(props, "launchTemplate") === undefined)
        findings.violation(
          `${name}: launchTemplate is not set, and EKS's own takes IMDSv1. ` +
            `Give it an aws.ec2.LaunchTemplate with metadataOptions.httpTokens: "required".`,
        );
      return;
    }
    const options = part(props, "metadataOptions");
    if (part(options, "httpEndpoint") === "disabled") return;
    const tokens = part(options, "httpTokens");
    const message = `${name}: metadataOptions.httpTokens is ${shown(tokens)}. Set it to "required".`;
    findings.demand(tokens, (each) => each === "required", message);
  },
};
