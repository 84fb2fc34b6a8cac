/**
 * Two roles for the pipelines of a forge, taken with the identity that it gives each run: no key is kept anywhere. `preview`
 * looks, on pull requests; `release` does what a switch needs, from the protected environment or branch alone. Neither can
 * change the infrastructure: that is a person's, or a role's that is made for it.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ciPolicy, type CiPermissionsArgs, type Purpose } from "./ciPermissions";
import { ClusterAccess } from "./clusterAccess";
import { githubForge, gitlabForge, trustPolicy, type Forge, type GithubArgs, type GitlabArgs } from "./ciTrust";

export interface CiRolesArgs extends CiPermissionsArgs {
  github?: (GithubArgs & ProviderArgs) | undefined;
  gitlab?: (GitlabArgs & ProviderArgs) | undefined;
  /** What each of the two is in the cluster: the guard's viewers, and those who may switch. */
  groups: Record<Purpose, string[]>;
}

interface ProviderArgs {
  /**
   * The account's identity provider of this forge, where there is one: an account has one for each address, so that a second
   * stack has to be told. Made here where left out.
   */
  providerArn?: pulumi.Input<string> | undefined;
}

/** The ARNs of a forge's roles. */
export type ForgeRoles = Record<Purpose, pulumi.Output<string>>;

export class CiRoles extends pulumi.ComponentResource {
  readonly github: ForgeRoles | undefined;
  readonly gitlab: ForgeRoles | undefined;

  constructor(name: string, args: CiRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("facefusion:index:CiRoles", name, {}, opts);
    if (args.github) this.github = this.rolesFor(`${name}-github`, githubForge(args.github), args.github, args);
    if (args.gitlab) this.gitlab = this.rolesFor(`${name}-gitlab`, gitlabForge(args.gitlab), args.gitlab, args);
    this.registerOutputs({ github: this.github, gitlab: this.gitlab });
  }

  private rolesFor(name: string, forge: Forge, { providerArn }: ProviderArgs, args: CiRolesArgs): ForgeRoles {
    const provider = providerArn ?? this.provider(name, forge);
    return {
      preview: this.role(name, "preview", forge, provider, args),
      release: this.role(name, "release", forge, provider, args),
    };
  }

  /** Without thumbprints: AWS knows the certificates of GitHub and GitLab, and fetches those of others itself. */
  private provider(name: string, { issuer, audience }: Forge): pulumi.Output<string> {
    return new aws.iam.OpenIdConnectProvider(
      `${name}-provider`,
      { url: issuer, clientIdLists: [audience] },
      // The pipelines of other stacks of the account come in by it as well.
      { parent: this, protect: true },
    ).arn;
  }

  private role(
    name: string,
    purpose: Purpose,
    forge: Forge,
    providerArn: pulumi.Input<string>,
    args: CiRolesArgs,
  ): pulumi.Output<string> {
    const role = new aws.iam.Role(
      `${name}-${purpose}`,
      {
        assumeRolePolicy: trustPolicy(providerArn, forge, forge[purpose]),
        // Seconds; the least that IAM takes.
        maxSessionDuration: 3600,
        description: purpose === "preview" ? "Pipelines that look" : "Pipelines that release",
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-${purpose}-policy`,
      { role: role.id, policy: ciPolicy(purpose, args) },
      { parent: role },
    );
    // No policy of EKS's own: what a pipeline may do in the cluster is what the guard gives its groups.
    new ClusterAccess(
      `${name}-${purpose}-access`,
      { clusterName: args.clusterName, principalArn: role.arn, role: "none", groups: args.groups[purpose] },
      { parent: role },
    );
    return role.arn;
  }
}
