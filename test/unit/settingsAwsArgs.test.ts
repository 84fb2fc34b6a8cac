import { expect, it } from "vitest";
import { parseSettings } from "../../settings";
import { repositoriesArgs } from "../../settings/awsArgs";
import { aConfig, aService } from "../support/config";

const onEcr = (repository: string, tag = "v1") => ({
  image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${repository}:${tag}`,
});

it("a repository belongs to the one service that pulls from it; one that several share, or nobody names, to none", () => {
  const verification = onEcr("verification");
  const settings = parseSettings(
    aConfig({
      imageRepositories: ["team/facefusion", "motion", "motion-verification", "verification", "spare"],
      services: {
        facefusion: aService({ blue: onEcr("team/facefusion"), green: onEcr("team/facefusion", "v2"), verification }),
        detection: aService({
          host: "detection.example.com",
          // Of that name, and somewhere else.
          blue: { image: "registry.example.com/motion:v1" },
          verification,
        }),
        motion: aService({
          host: "motion.example.com",
          green: onEcr("motion"),
          verification: onEcr("motion-verification"),
        }),
      },
    }),
  );
  expect(repositoriesArgs(settings).repositories).toEqual([
    { repository: "team/facefusion", service: "facefusion" },
    { repository: "motion", service: "motion" },
    { repository: "motion-verification", service: "motion" },
    { repository: "verification", service: undefined },
    { repository: "spare", service: undefined },
  ]);
});
