/** The preflight of every node group: which zones of the region offer its instance type. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { gpuInstanceTypes, retiredNote } from "./gpuInstanceTypes";

/** The zones that offer something, or why there are none, in words. */
export interface Offering {
  zones: string[];
  problem?: string;
}

/**
 * Names of the zones that offer all of the given types, such as `eu-west-1a`, in the order of the alphabet. That there are
 * none is the caller's to judge: AWS retires types under machines that run.
 */
export function offering(instanceTypes: string[], opts: pulumi.InvokeOptions): pulumi.Output<Offering> {
  return offers(instanceTypes, opts).apply((asked): pulumi.Output<Offering> => {
    const zones = zonesWithAll(instanceTypes, asked.offers);
    if (zones.length > 0) return pulumi.output({ zones });
    return offers(alternativesTo(instanceTypes), opts).apply((others) => ({
      zones,
      problem: notOffered(instanceTypes, asked.region, others.offers),
    }));
  });
}

/** One type in one zone. */
export interface Offer {
  type: string;
  zone: string;
}

function offers(
  instanceTypes: string[],
  opts: pulumi.InvokeOptions,
): pulumi.Output<{ region: string; offers: Offer[] }> {
  return aws.ec2
    .getInstanceTypeOfferingsOutput(
      { locationType: "availability-zone", filters: [{ name: "instance-type", values: instanceTypes }] },
      opts,
    )
    .apply((answer) => ({
      region: answer.region,
      offers: answer.instanceTypes.flatMap((type, i) => {
        const zone = answer.locations[i];
        return zone === undefined ? [] : [{ type, zone }];
      }),
    }));
}

/** The zones in which every one of the types is offered. */
export function zonesWithAll(instanceTypes: readonly string[], offers: readonly Offer[]): string[] {
  const zones = [...new Set(offers.map(({ zone }) => zone))].sort();
  return zones.filter((zone) =>
    instanceTypes.every((type) => offers.some((offer) => offer.zone === zone && offer.type === type)),
  );
}

/** What may be asked for instead: GPU types for a GPU type, else the same size of the families that are everywhere. */
function alternativesTo(instanceTypes: readonly string[]): string[] {
  if (instanceTypes.some((type) => type in gpuInstanceTypes))
    return Object.keys(gpuInstanceTypes).filter((type) => !instanceTypes.includes(type));
  const sizes = new Set(instanceTypes.map((type) => type.split(".")[1] ?? "large"));
  return ["m7i", "m6i", "m5"].flatMap((family) => [...sizes].map((size) => `${family}.${size}`));
}

/** The error for people. */
export function notOffered(instanceTypes: readonly string[], region: string, others: readonly Offer[]): string {
  const offered = [...new Set(others.map(({ type }) => type))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  const together = instanceTypes.length > 1 ? " together" : "";
  return [
    `no zone of ${region} offers ${instanceTypes.join(", ")}${together}.`,
    ...instanceTypes.flatMap((type) => retiredNote(type) ?? []),
    offered.length > 0
      ? `It offers ${offered.join(", ")}: choose one of them as instanceType, or another region (aws:region).`
      : "Choose another instanceType, or another region (aws:region).",
  ].join(" ");
}
