/** What runs must be what was verified: a tag that moves would put something else under a colour's name. */
import { podKinds, podOf } from "./pods";
import { part, shown } from "./plain";
import type { ResourceRule } from "./rule";

export const images: ResourceRule = {
  name: "unique-image-tags",
  description: "Images have a tag of their own or a digest; no tag, and latest, do not say what runs.",
  types: podKinds,
  check(resource, findings) {
    for (const container of findings.known(podOf(resource).containers)) {
      const image = part(container, "image");
      const message =
        `${resource.name}: container ${shown(part(container, "name"))} has image ${shown(image)}. ` +
        `Give it a tag that is never moved, such as :v1.0.0, or a digest.`;
      findings.demand(image, isPinned, message);
    }
  },
};

function isPinned(image: unknown): boolean {
  if (typeof image !== "string") return false;
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  // The colon of a registry's port comes before a slash.
  const tag = /:([^:/@]+)$/.exec(image)?.[1];
  return tag !== undefined && tag !== "latest";
}
