import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { other, type Color } from "../../../components/colors";
import { until } from "../../../sandbox/wait";
import { onTestCluster, TestStack } from "../../support/engine";
import { failures, Load, stale } from "../../support/load";
import { swap, url } from "../../support/service";

const jobs = 20;
const jobSeconds = 12;
const flips = 4;

describe.each([
  {
    route: "ingress" as const,
    // A reload closes idle connections, so the client is one that repeats what was never answered, as browsers do.
    plan: { method: "GET" as const, path: "/v1/info" },
    repeat: true,
    changed: { "facefusion-route-ingress": "update", "facefusion-preview-ingress": "update" },
  },
  {
    route: "service" as const,
    // Not a picture: the service has to read it and to answer, which is all that a switch can harm.
    plan: {
      method: "POST" as const,
      path: "/v1/swap",
      headers: { "content-type": "multipart/form-data; boundary=x" },
      body: "--x--\r\n",
    },
    repeat: false,
    changed: { "facefusion-route-live": "update", "facefusion-preview-idle": "update" },
  },
])("a flip under load with route: $route", ({ route, plan, repeat, changed }) => {
  const namespace = `flip-${route}`;
  const host = `${namespace}.localhost`;
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.open(namespace, "local", onTestCluster(namespace, { route }));
    await stack.up();
  });

  afterAll(() => stack.destroy());

  /** A flip that loses nothing, mixes nothing and changes what it has to; when it was done. */
  async function flipUnderLoad(to: Color): Promise<number> {
    const load = new Load({ url, host, clients: 8, pauseMs: 10, plan, repeat });
    stack.set("liveColor", to);
    const { changes } = await stack.up();
    const flipped = performance.now();
    const answersOf = (color: Color) => load.exchanges.filter((exchange) => exchange.color === color).length;
    await until(`${to} to have answered often`, () => answersOf(to) > 50);
    const exchanges = await load.stop();
    expect(changes).toEqual(changed);
    expect(failures(exchanges)).toEqual({});
    expect(stale(exchanges, to)).toEqual([]);
    expect(answersOf(other(to))).toBeGreaterThan(50);
    return flipped;
  }

  it.each(["green", "blue"] as const)("to %s loses nothing and mixes nothing", async (to) => {
    const underWay = Array.from({ length: jobs }, async () => {
      const answer = await swap(host, { holdSeconds: jobSeconds });
      return { status: answer.status, color: answer.color, end: performance.now() };
    });
    const flipped = await flipUnderLoad(to);
    const finished = await Promise.all(underWay);
    expect(finished.map(({ status, color }) => ({ status, color }))).toEqual(
      Array.from({ length: jobs }, () => ({ status: 200, color: other(to) })),
    );
    // They were all still running when the flip was done.
    expect(Math.min(...finished.map(({ end }) => end))).toBeGreaterThan(flipped);
  });

  it(`goes well ${flips} times in a row`, async () => {
    for (let flip = 0; flip < flips; flip++) await flipUnderLoad(flip % 2 === 0 ? "green" : "blue");
  });
});
