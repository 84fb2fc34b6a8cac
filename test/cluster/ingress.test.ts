import type { V1Ingress, V1IngressSpec } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { until } from "../../sandbox/wait";
import { core, networking } from "../support/cluster";
import { deployed } from "../support/deployed";
import { ask } from "../support/service";

const namespace = "ingress";
const service = deployed(namespace);
const { host } = service;

/** An Ingress that somebody makes by hand, for the idle colour. */
function anIngress(name: string, forHost: string, annotations: Record<string, string> = {}): V1Ingress {
  const spec: V1IngressSpec = {
    ingressClassName: "nginx",
    rules: [
      {
        host: forHost,
        http: {
          paths: [
            {
              path: "/",
              pathType: "Prefix",
              backend: { service: { name: "facefusion-green", port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  };
  return { metadata: { name, namespace, annotations }, spec };
}

/** The warning that people find on the Ingress. */
async function warningOn(name: string): Promise<string | undefined> {
  const { items } = await core().listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${name}` });
  return items.find(({ type }) => type === "Warning")?.message;
}

describe("an Ingress made by hand", () => {
  it("that NGINX would not take is left out, and told why; the others go on", async () => {
    const broken = anIngress("broken", "broken.localhost", { "nginx.org/client-max-body-size": "a lot" });
    await networking().createNamespacedIngress({ namespace, body: broken });
    const warning = await until("a warning", () => warningOn("broken"));
    expect(warning).toContain("nginx.org/client-max-body-size");
    expect(await ask(host, "/v1/info")).toMatchObject({ status: 200, color: "blue" });

    await networking().createNamespacedIngress({ namespace, body: anIngress("sound", "sound.localhost") });
    await until("the new host to be served", async () => (await ask("sound.localhost", "/v1/info")).status === 200);
  });

  it("cannot take the host of a service from it", async () => {
    await networking().createNamespacedIngress({ namespace, body: anIngress("thief", host) });
    expect(await until("a warning", () => warningOn("thief"))).toContain(host);
    expect(await ask(host, "/v1/info")).toMatchObject({ status: 200, color: "blue" });
  });
});
