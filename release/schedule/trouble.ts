/** Why a scheduled run could not do its work, told apart by what a person has to do. Pure. */
import { ReleaseError } from "../errors";
import { isLocked } from "../locks";

export interface Trouble {
  /** `locked`: somebody else's update; `credentials`: what this run has is not accepted; `refused`: a rule says no. */
  readonly kind: "locked" | "credentials" | "refused" | "failed";
  readonly words: string;
  /** What helps. */
  readonly remedy: string;
}

/** As AWS, Kubernetes, Pulumi Cloud and S3 say it. */
const notAccepted =
  /ExpiredToken|token (is|has) expired|expired (token|credentials)|credentials? (have|has) expired|InvalidClientTokenId|UnrecognizedClientException|Unauthorized|invalid access token|NoCredentialProviders|no valid credential|failed to (get|refresh) credentials|status 401/i;

const credentialsRemedy =
  "Renew what the pipeline has (its role, PULUMI_ACCESS_TOKEN, its kubeconfig), and run it again. Until then the stack stays as it is.";

export function troubleOf(error: unknown): Trouble {
  const words = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof ReleaseError ? error.remedy : "See the log of the job.";
  if (isLocked(error) || (error instanceof Error && isLocked(error.cause))) return { kind: "locked", words, remedy };
  if (notAccepted.test(words)) return { kind: "credentials", words, remedy: credentialsRemedy };
  const refused = error instanceof ReleaseError && error.exitCode === 3;
  return { kind: refused ? "refused" : "failed", words, remedy };
}
