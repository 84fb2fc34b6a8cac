/** A way to the API server for one stack's engines alone: it can be cut and mended, and nobody else notices. */
import { readFileSync, writeFileSync } from "node:fs";
import * as net from "node:net";
import { at, kubeconfigPath } from "../../sandbox/layout";
import { layout } from "./engine";

export class ApiConnection {
  private readonly sockets = new Set<net.Socket>();
  private whole = true;

  private constructor(
    private readonly server: net.Server,
    /** The administrator's kubeconfig, by this way. */
    readonly kubeconfig: string,
  ) {
    server.on("connection", (client) => {
      if (!this.whole) {
        client.destroy();
        return;
      }
      const upstream = net.connect(layout.ports.api, "127.0.0.1");
      this.join(client, upstream);
      this.join(upstream, client);
    });
  }

  static async open(name: string): Promise<ApiConnection> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("no port");
    const own = readFileSync(kubeconfigPath(layout), "utf8");
    const kubeconfig = at(layout, `kubeconfig-${name}`);
    writeFileSync(kubeconfig, own.replace(`:${layout.ports.api}`, `:${address.port}`));
    return new ApiConnection(server, kubeconfig);
  }

  /** Ends every connection and takes no more until it is mended. */
  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.whole = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(from: net.Socket, to: net.Socket): void {
    this.sockets.add(from);
    from.pipe(to);
    from
      .on("error", () => to.destroy())
      .on("close", () => {
        this.sockets.delete(from);
        to.destroy();
      });
  }
}
