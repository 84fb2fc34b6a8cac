/**
 * The engine without credentials, for a plan that nothing real takes part in: the engine itself and the stand-ins for the
 * plugins that cannot be had, AWS's recorder among them. Prints the environment in which `pulumi` works so, as JSON; the
 * release command asks for it (`release preview --offline`).
 */
import { engineEnvironment, ensureEngine } from "./engine";
import { SandboxError } from "./failure";
import { layouts } from "./layout";

async function main(): Promise<void> {
  const { PATH = "", NODE_COMPILE_CACHE = "", PULUMI_LEGACY_PROVIDER_PREVIEW = "" } = engineEnvironment(layouts.local);
  const standIns = await ensureEngine(layouts.local, { download: false });
  console.log(JSON.stringify({ standIns, environment: { PATH, NODE_COMPILE_CACHE, PULUMI_LEGACY_PROVIDER_PREVIEW } }));
}

void main().catch((error: unknown) => {
  console.error(error instanceof SandboxError ? error.message : error);
  process.exitCode = 1;
});
