import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { failures, Load, stale, type Exchange } from "../support/load";

const answered = (start: number, end: number, color: string): Exchange => ({
  start,
  end,
  status: 200,
  color,
  repeats: 0,
});

describe("what a load finds", () => {
  it("is an old answer to a request that began after a new answer had been seen", () => {
    const late = answered(21, 30, "blue");
    expect(stale([answered(0, 10, "blue"), answered(10, 20, "green"), late], "green")).toEqual([late]);
  });

  it("is not an old answer to a request that was under way", () => {
    expect(stale([answered(19, 90, "blue"), answered(10, 20, "green")], "green")).toEqual([]);
  });

  it("is whatever did not come from the service", () => {
    const exchanges = [
      answered(0, 1, "blue"),
      { start: 0, end: 1, status: 502, repeats: 0 },
      { start: 0, end: 1, status: 404, repeats: 0 },
      { start: 0, end: 1, status: 500, color: "blue", repeats: 0 },
      { start: 0, end: 1, failure: "closed", repeats: 0 },
    ];
    expect(failures(exchanges)).toEqual({
      "status 502 without a colour": 1,
      "status 404 without a colour": 1,
      "status 500": 1,
      closed: 1,
    });
  });
});

describe("a client", () => {
  /** Runs a load against a server that closes the connection of its second request without an answer. */
  async function loadOf(repeat: boolean): Promise<readonly Exchange[]> {
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.destroy();
      else response.setHeader("x-color", "blue").end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const plan = { method: "GET", path: "/" } as const;
    const load = new Load({ url: `http://127.0.0.1:${port}`, host: "x", clients: 1, plan, repeat });
    while (load.exchanges.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    const exchanges = await load.stop();
    server.close();
    return exchanges;
  }

  it("that repeats gets its answer, and the repeat is counted", async () => {
    const exchanges = await loadOf(true);
    expect(failures(exchanges)).toEqual({});
    expect(exchanges.reduce((sum, { repeats }) => sum + repeats, 0)).toBe(1);
  });

  it("that does not repeat has lost its request", async () => {
    expect(Object.values(failures(await loadOf(false)))).toEqual([1]);
  });
});
