/** What the engine has recorded of a stack. */
import type { Stack } from "@pulumi/pulumi/automation";
import { z } from "zod";

/** The parts of an exported stack that matter here. */
const deploymentSchema = z.object({
  resources: z.array(z.object({ urn: z.string(), outputs: z.unknown().optional() })).default([]),
  pending_operations: z.array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) })).default([]),
});
export type EngineRecord = z.output<typeof deploymentSchema>;

/** The stack's state, as the engine keeps it. */
export async function readRecord(stack: Stack): Promise<EngineRecord> {
  const exported: { deployment: unknown } = await stack.exportStack();
  return deploymentSchema.parse(exported.deployment);
}
