import { describe, expect, it } from "vitest";
import { chooseFiles, type Test } from "../../../sandbox/nginx/choose";

const last = new Map([
  ["nginx.conf", "main"],
  ["hosts/a.conf", "a 1"],
  ["hosts/b.conf", "b 1"],
  ["hosts/gone.conf", "gone"],
]);

/** An NGINX that refuses every configuration with a file that has `bad` in it. */
const test: Test = (files) => {
  const bad = [...files].find(([, text]) => text.includes("bad"));
  return Promise.resolve(bad && `it does not like ${bad[0]}`);
};

function wanted(change: Record<string, string>): Map<string, string> {
  return new Map(Object.entries({ "nginx.conf": "main", "hosts/a.conf": "a 1", "hosts/b.conf": "b 1", ...change }));
}

describe("what NGINX is given", () => {
  it("is all that is wanted, when that is valid", async () => {
    const files = wanted({ "hosts/a.conf": "a 2", "hosts/new.conf": "new" });
    expect(await chooseFiles(files, last, test)).toEqual({ files, refused: new Map() });
  });

  it("leaves a refused host as it was, and takes the others over", async () => {
    const { files, refused } = await chooseFiles(
      wanted({ "hosts/a.conf": "a bad", "hosts/b.conf": "b 2", "hosts/new.conf": "new" }),
      last,
      test,
    );
    expect(Object.fromEntries(files)).toEqual({
      "nginx.conf": "main",
      "hosts/a.conf": "a 1",
      "hosts/b.conf": "b 2",
      "hosts/new.conf": "new",
    });
    expect(refused).toEqual(new Map([["hosts/a.conf", "it does not like hosts/a.conf"]]));
  });

  it("has no host that is refused and was not there before", async () => {
    const { files } = await chooseFiles(wanted({ "hosts/new.conf": "bad" }), last, test);
    expect(files.has("hosts/new.conf")).toBe(false);
  });

  it("has no host that is gone, even when another is refused", async () => {
    const { files } = await chooseFiles(wanted({ "hosts/a.conf": "bad" }), last, test);
    expect(files.has("hosts/gone.conf")).toBe(false);
  });

  it("cannot be chosen when nothing was valid before either", async () => {
    await expect(chooseFiles(wanted({ "nginx.conf": "bad" }), new Map(), test)).rejects.toThrow(
      "NGINX refuses the configuration of all hosts: it does not like nginx.conf",
    );
  });
});
