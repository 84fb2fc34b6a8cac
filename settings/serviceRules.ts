/** Rules within one service. */
import { z } from "zod";
import { rule, type Rule } from "./rule";
import { colorSettings, serviceFields } from "./service";

export const serviceRules: Rule[] = [
  rule(z.object({ replicas: serviceFields.replicas, standbyReplicas: serviceFields.standbyReplicas }), (service) =>
    service.standbyReplicas > service.replicas
      ? [{ path: ["standbyReplicas"], accepted: `at most replicas, which is ${service.replicas}` }]
      : [],
  ),
  rule(
    z.object({ replicas: serviceFields.replicas, offPeakReplicas: serviceFields.offPeakReplicas.unwrap() }),
    (service) =>
      service.offPeakReplicas > service.replicas
        ? [{ path: ["offPeakReplicas"], accepted: `at most replicas, which is ${service.replicas}` }]
        : [],
  ),
  rule(
    z.object({
      drainDelaySeconds: serviceFields.drainDelaySeconds,
      terminationGracePeriodSeconds: serviceFields.terminationGracePeriodSeconds,
    }),
    (service) =>
      service.drainDelaySeconds >= service.terminationGracePeriodSeconds
        ? [
            {
              path: ["drainDelaySeconds"],
              accepted: `less than terminationGracePeriodSeconds, which is ${service.terminationGracePeriodSeconds}`,
            },
          ]
        : [],
  ),
  rule(
    z.object({
      requestTimeoutSeconds: serviceFields.requestTimeoutSeconds,
      drainDelaySeconds: serviceFields.drainDelaySeconds,
      terminationGracePeriodSeconds: serviceFields.terminationGracePeriodSeconds,
    }),
    ({ requestTimeoutSeconds, drainDelaySeconds, terminationGracePeriodSeconds }) => {
      const longest = terminationGracePeriodSeconds - drainDelaySeconds;
      // No time at all is the rule's above.
      if (longest <= 0 || requestTimeoutSeconds <= longest) return [];
      const accepted = `at most ${longest}: a job must be able to finish while its Pod stops (terminationGracePeriodSeconds less drainDelaySeconds)`;
      return [{ path: ["requestTimeoutSeconds"], problem: `${requestTimeoutSeconds} is not accepted`, accepted }];
    },
  ),
  rule(
    z.object({
      blue: z.object({ image: colorSettings.shape.image }),
      green: z.object({ image: colorSettings.shape.image }),
      skipVerification: serviceFields.skipVerification.unwrap(),
    }),
    ({ blue, green, skipVerification: { image } }) =>
      image === blue.image || image === green.image
        ? []
        : [
            {
              path: ["skipVerification", "image"],
              accepted: `the image of one of the colours, ${blue.image} or ${green.image}; once neither has it, remove skipVerification`,
            },
          ],
  ),
];
