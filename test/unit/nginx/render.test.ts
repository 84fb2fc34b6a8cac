import { describe, expect, it } from "vitest";
import type { Host } from "../../../sandbox/nginx/model";
import { buildModel } from "../../../sandbox/nginx/model";
import { hostFile, renderFiles, renderGeneration } from "../../../sandbox/nginx/render";
import { aCluster, anIngress, options, path, programAnnotations, type IngressShape } from "./objects";

/** The file of the one host of an Ingress. */
function fileOf(shape: IngressShape, change: (host: Host) => Host = (host) => host): string | undefined {
  const [host] = buildModel(aCluster({ ingresses: [anIngress(shape)] }), "nginx").hosts;
  return host && renderFiles([change(host)], options).get(hostFile(host.name));
}

describe("the configuration", () => {
  it("of all hosts", async () => {
    await expect(renderFiles([], options).get("nginx.conf")).toMatchFileSnapshot("golden/nginx.conf");
  });

  it("changes no user and keeps large bodies in the state directory where NGINX is not started as root", () => {
    const text = renderFiles([], { ...options, user: undefined }).get("nginx.conf");
    expect(text).not.toMatch(/^user /m);
    expect(text).toContain("client_body_temp_path /state/temporary/body;");
    expect(renderFiles([], options).get("nginx.conf")).not.toContain("temp_path");
  });

  it("of a route by Ingress, as the program sets it", async () => {
    await expect(fileOf({ annotations: programAnnotations })).toMatchFileSnapshot("golden/route-ingress.conf");
  });

  it("of a route by Service, as the program sets it", async () => {
    const annotations = { ...programAnnotations, "nginx.org/use-cluster-ip": "true" };
    await expect(fileOf({ annotations })).toMatchFileSnapshot("golden/route-service.conf");
  });

  it("of a host with a certificate, several paths, websockets and kept connections", async () => {
    const text = fileOf(
      {
        annotations: { "nginx.org/keepalive": "16", "nginx.org/websocket-services": "facefusion-green" },
        tls: [{ hosts: ["face.test"] }],
        rules: {
          "face.test": [
            path("facefusion-blue", { path: "/v1" }),
            path("facefusion-green", { path: "/v1/swap", pathType: "Exact" }),
            path("gone", { path: "/gone" }),
          ],
        },
      },
      (host) => ({ ...host, tls: { certificate: { file: "0123.pem", pem: "" } } }),
    );
    await expect(text).toMatchFileSnapshot("golden/tls-and-paths.conf");
  });

  it("sends plain HTTP to HTTPS only where TLS is served and nothing says otherwise", () => {
    const tls = [{ hosts: ["face.test"] }];
    const redirect = "return 301 https://$host:18443$request_uri;";
    expect(fileOf({ tls })).toContain(redirect);
    expect(fileOf({})).not.toContain(redirect);
    expect(fileOf({ tls, annotations: { "nginx.org/ssl-redirect": "false" } })).not.toContain(redirect);
  });

  it("believes the load balancer about the scheme where TLS ends there", () => {
    const text = fileOf({ annotations: { "nginx.org/redirect-to-https": "True" } });
    expect(text).toContain("if ($http_x_forwarded_proto = http) {");
    expect(text).toContain("proxy_set_header X-Forwarded-Proto https;");
  });

  it("has one file for a wildcard host that no other host can have", () => {
    expect(hostFile("*.face.test")).toBe("hosts/_.face.test.conf");
  });

  it("tells its generation on a socket in the state directory", () => {
    expect(renderGeneration(7, "/state")).toContain(
      'listen unix:/state/generation.sock;\n    access_log off;\n    return 200 "7";',
    );
  });
});
