/** Kubeconfigs: how a component, or a person, reaches the API server and as whom. */
import { stringify } from "yaml";
import { keepFile } from "../files";
import type { Authority, Identity } from "./pki";

/** Writes a kubeconfig, with its certificate inside, for the identity. */
export async function writeKubeconfig(
  authority: Authority,
  file: string,
  { name, server, identity }: { name: string; server: string; identity: Identity },
): Promise<string> {
  const { certificate, key } = await authority.issue(name, identity);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const cluster = "facefusion-sandbox";
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster, cluster: { server, "certificate-authority-data": base64(authority.certificate) } }],
    users: [{ name, user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) } }],
    contexts: [{ name: cluster, context: { cluster, user: name } }],
    "current-context": cluster,
  };
  keepFile(file, stringify(kubeconfig), { mode: 0o600 });
  return file;
}
