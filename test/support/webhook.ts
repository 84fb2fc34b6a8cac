/** A webhook on loopback, with what it was sent. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

const bodySchema = z.looseObject({ text: z.string() });

export interface Webhook {
  readonly url: string;
  readonly bodies: z.infer<typeof bodySchema>[];
  readonly close: () => void;
}

export async function webhook(): Promise<Webhook> {
  const bodies: Webhook["bodies"] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      bodies.push(bodySchema.parse(JSON.parse(text)));
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
