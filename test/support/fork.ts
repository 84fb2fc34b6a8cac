/** A fork's pull request against stack `dev`, as its pipeline sees it: no credentials, nothing but the repository. */
import { rmSync } from "node:fs";
import { projectCopy } from "../../sandbox/engine";
import { at } from "../../sandbox/layout";
import { layout } from "./engine";
import { forgeStandIn, type ForgeStandIn } from "./forge";
import { PullRequest } from "./pullRequest";
import { runReleaseIn } from "./releaseCommand";

export interface Fork {
  request: PullRequest;
  forge: ForgeStandIn;
  /** `release preview --offline`, with no variable of the engine's: neither a state nor a passphrase. */
  preview(args?: readonly string[], env?: Record<string, string>): ReturnType<typeof runReleaseIn>;
  remove(): void;
}

export async function forked(name: string): Promise<Fork> {
  const directory = projectCopy(at(layout, "projects", name), ["Pulumi.dev.yaml"]);
  const forge = await forgeStandIn("github");
  return {
    request: new PullRequest(directory, "dev"),
    forge,
    preview: (args = [], env = {}) =>
      runReleaseIn(directory, ["preview", "--offline", "--stack", "dev", ...args], { ...forge.environment, ...env }),
    remove: () => {
      forge.close();
      rmSync(directory, { recursive: true });
    },
  };
}
