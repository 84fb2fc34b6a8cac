import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";

const listen = "sandbox/nginx/listen.py";
const report = `import os, socket
for fd in os.environ["NGINX"].strip(";").split(";"):
    s = socket.socket(fileno=int(fd))
    print(*s.getsockname(), s.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
print(os.environ["NGINX"], os.environ["LISTEN_FDS"])`;

async function aPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the port has no number");
  const close = () =>
    new Promise<void>((resolve) =>
      server.close(() => {
        resolve();
      }),
    );
  return { port: address.port, close };
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync("python3", [listen, ...args], { encoding: "utf8" });
  return { status, lines: stdout.trim().split("\n"), stderr };
}

describe("listen.py", () => {
  it("hands its command one listening socket per address, from descriptor 3 on", async () => {
    const [one, two] = [await aPort(), await aPort()];
    await one.close();
    await two.close();
    const { lines } = run(`127.0.0.1:${one.port}`, `127.0.0.1:${two.port}`, "--", "python3", "-c", report);
    expect(lines).toEqual([`127.0.0.1 ${one.port} 1`, `127.0.0.1 ${two.port} 1`, "3;4; 2"]);
  });

  it("names the port that is taken, and does not run its command", async () => {
    const { port, close } = await aPort();
    const { status, lines, stderr } = run(`127.0.0.1:${port}`, "--", "echo", "ran");
    await close();
    expect(status).toBe(1);
    expect(lines).toEqual([""]);
    expect(stderr).toMatch(new RegExp(`^listen.py: port ${port} of 127.0.0.1 is taken by another program; .*\\n$`));
  });

  it.each([
    [["127.0.0.1:18080", "true"], /usage: listen.py ADDR:PORT/],
    [["--", "true"], /usage: listen.py ADDR:PORT/],
    [["18080", "--", "true"], /'18080' is not an address; accepted: ADDR:PORT/],
    [["127.0.0.1:70000", "--", "true"], /'127.0.0.1:70000' is not an address/],
    [["127.0.0.1:18099", "--", "/nonexistent"], /cannot run \/nonexistent: No such file or directory/],
  ])("says what is wrong with %s", (args, message) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});
