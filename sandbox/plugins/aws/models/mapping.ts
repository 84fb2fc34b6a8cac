/** How the inputs of a Pulumi resource reach AWS: the requests that the official provider makes of them. */

/** The services, by the names that botocore gives them. */
export type Service =
  "autoscaling" | "budgets" | "cloudwatch" | "ec2" | "ecr" | "efs" | "eks" | "iam" | "kms" | "logs" | "s3";

/**
 * Where inputs go, each as a path from the request: `logging.clusterLogging[].types`. At `[]` every item of the input goes
 * its own way; where the path starts with it, into a request of its own. The empty path is the request itself.
 */
export type Names = Readonly<Record<string, string>>;

/** Inputs that go to no request in the form in which they are, each with the reason. */
export type Own = Readonly<Record<string, string>>;

export interface Call {
  service: Service;
  operation: string;
  /** The structure in the request that takes what `names` has no place for; left out, that is the request. */
  into?: string;
  /** Inputs that have another name in the request; of all calls but the first, all inputs that it takes. */
  names?: Names;
  /** Required members that the provider fills in where the program leaves them out. */
  given?: readonly string[];
}

export interface Mapping {
  /** What makes the resource, then what follows for inputs that it has no place for. */
  calls: readonly [Call, ...Call[]];
  own?: Own;
}

export type Mappings = Readonly<Record<string, Mapping>>;

export const byPrefix: Own = { namePrefix: "the provider makes the name from it" };
