import { describe, expect, it } from "vitest";
import { parseExposition } from "../../../release/metrics/exposition";

describe("the text of a /metrics endpoint", () => {
  it("is read series by series, with comments left out", () => {
    const text = [
      "# HELP inference_requests_total Requests answered.",
      "# TYPE inference_requests_total counter",
      'inference_requests_total{method="POST",path="/v1/swap",status="200"} 12.0',
      "inference_jobs_in_flight 3",
      "",
    ].join("\n");
    expect(parseExposition(text)).toEqual([
      {
        name: "inference_requests_total",
        labels: { method: "POST", path: "/v1/swap", status: "200" },
        value: 12,
      },
      { name: "inference_jobs_in_flight", labels: {}, value: 3 },
    ]);
  });

  it.each([
    ["+Inf", Infinity],
    ["-Inf", -Infinity],
    ["1.5e-05", 0.000015],
    ["NaN", NaN],
  ])("may have the value %s", (written, value) => {
    expect(parseExposition(`a ${written}`)).toEqual([{ name: "a", labels: {}, value }]);
  });

  it("may have a time after the value", () => {
    expect(parseExposition("a 1 1795567702540")).toEqual([{ name: "a", labels: {}, value: 1 }]);
  });

  it("may have quotes, line breaks, backslashes and braces in a label", () => {
    const [series] = parseExposition(String.raw`a{b="say \"x\", {y}",c="1\n2",d="C:\\n"} 1`);
    expect(series?.labels).toEqual({ b: 'say "x", {y}', c: "1\n2", d: String.raw`C:\n` });
  });

  it("is not trusted to be one", () => {
    expect(parseExposition("<html>\n<body>502 Bad Gateway</body>")).toEqual([]);
  });
});
