/** What AWS's SDK says when a request fails, for people. */
import { exitCodes, ReleaseError, type ExitCode } from "../errors";

interface Known {
  readonly says: string;
  readonly help: string;
  readonly exitCode: ExitCode;
}

const logIn = "Log in (aws sso login), or set AWS_PROFILE; see: aws sts get-caller-identity";

/** By the name of the SDK's error. */
const known: Readonly<Record<string, Known>> = {
  CredentialsProviderError: { says: "there are no AWS credentials here", help: logIn, exitCode: exitCodes.usage },
  ExpiredToken: { says: "the AWS credentials have expired", help: logIn, exitCode: exitCodes.usage },
  ExpiredTokenException: { says: "the AWS credentials have expired", help: logIn, exitCode: exitCodes.usage },
  AccessDenied: denied(),
  AccessDeniedException: denied(),
  Forbidden: denied(),
};

function denied(): Known {
  return {
    says: "AWS does not let these credentials do it",
    help: "Use a role that may: docs/models.md and docs/images.md have the permissions.",
    exitCode: exitCodes.refused,
  };
}

/**
 * An error of the SDK in words; anything else as it is, so that a mistake of ours keeps its stack trace.
 *
 * @param what What did not work, as the beginning of a sentence.
 * @param otherwise One more thing that would help.
 */
export function explainAws(error: unknown, what: string, { otherwise = "" } = {}): unknown {
  if (error instanceof ReleaseError || !(error instanceof Error)) return error;
  const also = otherwise === "" ? "" : ` ${otherwise}`;
  const found = known[error.name];
  if (found !== undefined)
    return new ReleaseError(`${what}: ${found.says}.`, `${found.help}${also}`, found.exitCode, { cause: error });
  if (!isOfSdk(error)) return error;
  return new ReleaseError(`${what}: ${said(error)}`, `See what AWS says, and try again.${also}`, exitCodes.failed, {
    cause: error,
  });
}

/** Answers of AWS carry metadata; failures on the way there a code of the system's. */
function isOfSdk(error: Error): boolean {
  return "$metadata" in error || "code" in error || error.name === "TimeoutError";
}

/** Node's error for several addresses that were all tried has no message of its own. */
function said(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map(String).join("; ");
  return error.message === "" ? error.name : error.message;
}
