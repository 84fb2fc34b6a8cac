/** Calls resource hooks as the engine does. */
import type { ResourceHook, ResourceHookArgs } from "@pulumi/pulumi";

/** What a hook says against an operation; undefined where it lets it pass. */
export async function objectionOf(
  hook: ResourceHook,
  inputs: Pick<ResourceHookArgs, "oldInputs" | "newInputs" | "oldOutputs"> = {},
): Promise<string | undefined> {
  try {
    await hook.callback({ urn: "urn", id: "id", name: "name", type: "type", ...inputs });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
