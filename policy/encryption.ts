/** A disk or a backup that leaves the house must not tell anything. */
import { kinds } from "./kinds";
import { items, part, shown } from "./plain";
import type { Findings, Resource, ResourceRule } from "./rule";

type Check = (resource: Resource, findings: Findings) => void;

const checks: Readonly<Record<string, Check>> = {
  [kinds.launchTemplate]({ name, props }, findings) {
    const mappings = items(part(props, "blockDeviceMappings"));
    if (mappings.length === 0)
      findings.violation(
        `${name}: blockDeviceMappings is not set, so that the root disk is encrypted only if the image's is. ` +
          `Name the disk there, with encrypted: "true".`,
      );
    for (const mapping of findings.known(mappings)) {
      const disk = part(mapping, "ebs");
      // An instance store, or a device that is left out: no disk of EBS.
      if (disk === undefined) continue;
      const encrypted = part(disk, "encrypted");
      const device = shown(part(mapping, "deviceName"));
      const message = `${name}: disk ${device} has encrypted ${shown(encrypted)}. Set ebs.encrypted: "true".`;
      findings.demand(encrypted, (each) => String(each) === "true", message);
    }
  },
  [kinds.nodeGroup]({ name, props }, findings) {
    if (part(props, "launchTemplate") === undefined)
      findings.violation(
        `${name}: launchTemplate is not set, and EKS does not encrypt the disks of its own. ` +
          `Give it an aws.ec2.LaunchTemplate whose disks have encrypted: "true".`,
      );
  },
  [kinds.fileSystem]({ name, props }, findings) {
    const encrypted = part(props, "encrypted");
    const message = `${name}: encrypted is ${shown(encrypted)}. Set encrypted: true; it cannot be changed later.`;
    findings.demand(encrypted, (each) => each === true, message);
  },
  [kinds.cluster]({ name, props }, findings) {
    const config = part(props, "encryptionConfig");
    const resources = items(part(config, "resources"));
    const [key, covered] = [part(config, "provider", "keyArn"), findings.known(resources).map(shown)];
    if (key !== undefined && (covered.includes("secrets") || covered.length < resources.length)) return;
    findings.violation(
      `${name}: encryptionConfig is ${config === undefined ? "not set" : `for ${covered.join(", ") || "nothing"}, with key ${shown(key)}`}. ` +
        `Set encryptionConfig: { provider: { keyArn }, resources: ["secrets"] }.`,
    );
  },
  [kinds.repository]({ name, props }, findings) {
    const types = items(part(props, "encryptionConfigurations")).map((each) => part(each, "encryptionType"));
    if (types.length > 0 && findings.known(types).every((each) => shown(each).startsWith("KMS"))) return;
    findings.violation(
      `${name}: encryptionType is ${types.map(shown).join(", ") || "not set"}. ` +
        `Set encryptionConfigurations: [{ encryptionType: "KMS" }]; it cannot be changed later.`,
    );
  },
};

export const encryption: ResourceRule = {
  name: "encryption-at-rest",
  description: "Disks of nodes, file systems, secrets of the cluster and images are encrypted.",
  types: Object.keys(checks),
  check(resource, findings) {
    checks[resource.type]?.(resource, findings);
  },
};
