/** How every kind of resource that the recorder can plan reaches AWS. */
import { eks } from "./eks";
import { iam } from "./iam";
import type { Mappings, Service } from "./mapping";
import { network } from "./network";
import { storage } from "./storage";
import { watch } from "./watch";

export const mappings: Mappings = { ...eks, ...iam, ...network, ...storage, ...watch };

/** The operations that are needed of each service's model. */
export function operationsByService(): Partial<Record<Service, string[]>> {
  const byService: Partial<Record<Service, string[]>> = {};
  for (const { service, operation } of Object.values(mappings).flatMap(({ calls }) => calls)) {
    const operations = (byService[service] ??= []);
    if (!operations.includes(operation)) operations.push(operation);
  }
  return byService;
}
