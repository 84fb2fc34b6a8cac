import { describe, expect, it } from "vitest";
import { readAnnotations } from "../../../sandbox/nginx/annotations";
import { programAnnotations } from "./objects";

describe("annotations", () => {
  it("default to what F5's controller does without them", () => {
    expect(readAnnotations({})).toEqual({
      treatment: {
        directives: [
          "proxy_connect_timeout 60s;",
          "proxy_read_timeout 60s;",
          "proxy_send_timeout 60s;",
          "client_max_body_size 1m;",
          "proxy_buffering on;",
        ],
        lbMethod: "random two least_conn",
        keepalive: 0,
        useClusterIp: false,
        sslRedirect: true,
        redirectToHttps: false,
        websocketServices: [],
      },
      faults: [],
      unknown: [],
    });
  });

  it("that the program sets are all honoured", () => {
    const { treatment, faults, unknown } = readAnnotations({
      ...programAnnotations,
      "nginx.org/use-cluster-ip": "true",
    });
    expect([...faults, ...unknown]).toEqual([]);
    expect(treatment.directives).toEqual([
      "proxy_connect_timeout 10s;",
      "proxy_read_timeout 3600s;",
      "proxy_send_timeout 3600s;",
      "client_max_body_size 2g;",
      "proxy_buffering off;",
    ]);
    expect(treatment).toMatchObject({ lbMethod: "least_conn", useClusterIp: true });
  });

  it("name the Services that may upgrade connections in one list", () => {
    const { treatment } = readAnnotations({ "nginx.org/websocket-services": "facefusion-blue, facefusion-green" });
    expect(treatment.websocketServices).toEqual(["facefusion-blue", "facefusion-green"]);
  });

  it("leave NGINX its round robin where they ask for it", () => {
    expect(readAnnotations({ "nginx.org/lb-method": "round_robin" }).treatment.lbMethod).toBeUndefined();
  });

  it.each([
    ["nginx.org/client-max-body-size", "banana"],
    ["nginx.org/client-max-body-size", "1m; return 200"],
    ["nginx.org/proxy-read-timeout", "60 s"],
    ["nginx.org/proxy-buffering", "maybe"],
    ["nginx.org/proxy-buffers", "8k"],
    ["nginx.org/lb-method", "least_conn; }"],
    ["nginx.org/keepalive", "-1"],
    ["nginx.org/use-cluster-ip", "yes"],
    ["nginx.org/websocket-services", "a b"],
  ])("are refused with name, value and what is accepted: %s: %s", (name, value) => {
    const { faults } = readAnnotations({ [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${name}: ${JSON.stringify(value)} is not accepted; accepted: `);
  });

  it("of NGINX that are not known are told, those of others are not", () => {
    const { unknown } = readAnnotations({
      "nginx.org/server-snippets": "return 200;",
      "nginx.com/health-checks": "true",
      "nginx.ingress.kubernetes.io/canary": "true",
      "cert-manager.io/cluster-issuer": "letsencrypt",
    });
    expect(unknown).toEqual(["nginx.org/server-snippets", "nginx.com/health-checks"]);
  });
});
