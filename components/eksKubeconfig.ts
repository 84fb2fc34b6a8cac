import * as pulumi from "@pulumi/pulumi";

/** A kubeconfig without credentials: whoever uses it proves with AWS who they are. */
export function eksKubeconfig(
  { name, arn, endpoint }: { name: pulumi.Output<string>; arn: pulumi.Output<string>; endpoint: pulumi.Output<string> },
  certificateAuthority: pulumi.Output<string>,
): pulumi.Output<string> {
  return pulumi.jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "eks", cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } }],
    users: [
      {
        name: "eks",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            interactiveMode: "Never",
            command: "aws",
            args: ["eks", "get-token", "--output", "json", "--region", regionOf(arn), "--cluster-name", name],
          },
        },
      },
    ],
    contexts: [{ name: "eks", context: { cluster: "eks", user: "eks" } }],
    "current-context": "eks",
  });
}

/** arn:aws:eks:<region>:<account>:cluster/<name> */
export function regionOf(arn: pulumi.Output<string>): pulumi.Output<string> {
  return arn.apply((text) => text.split(":")[3] ?? "");
}
