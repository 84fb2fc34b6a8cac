import { describe, expect, it } from "vitest";
import { Agent, request } from "undici";
import { openAuthority } from "../../sandbox/cluster/pki";
import { at } from "../../sandbox/layout";
import { until } from "../../sandbox/wait";
import { core } from "../support/cluster";
import { deployed } from "../support/deployed";
import { layout } from "../support/engine";
import { ask } from "../support/service";

const namespace = "tls";
const secretName = "tls-certificate";
const service = deployed(namespace, { tls: { kind: "secret", name: secretName } });
const { host } = service;

/** Asks over TLS; only certificates of the authority are believed, where one is given. */
async function askSecurely(authority?: string) {
  const connect = authority === undefined ? { rejectUnauthorized: false } : { ca: authority };
  const dispatcher = new Agent({ connect: { ...connect, servername: host } });
  const answer = await request(`https://127.0.0.1:${layout.ports.https}/v1/info`, { dispatcher, headers: { host } });
  await answer.body.dump();
  await dispatcher.close();
  return { status: answer.statusCode, color: answer.headers["x-color"] };
}

describe("a service with TLS", () => {
  it("answers over TLS with a self-signed certificate until there is one of its own", async () => {
    expect(await askSecurely()).toEqual({ status: 200, color: "blue" });
    await expect(askSecurely((await openAuthority(at(layout, "pki"))).certificate)).rejects.toThrow(/self.signed/);
  });

  it("shows the certificate of its Secret as soon as that is there", async () => {
    const authority = await openAuthority(at(layout, "test-pki"));
    const { certificate, key } = await authority.issue(host, {
      subject: `CN=${host}`,
      names: [{ type: "dns", value: host }],
    });
    const body = {
      metadata: { name: secretName },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate, "tls.key": key },
    };
    await core().createNamespacedSecret({ namespace, body });
    const answer = await until("the certificate to be served", () => askSecurely(authority.certificate));
    expect(answer).toEqual({ status: 200, color: "blue" });
  });

  it("sends whoever comes by plain HTTP to TLS", async () => {
    expect((await ask(host, "/v1/info")).status).toBe(301);
  });
});
