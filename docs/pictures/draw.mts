/**
 * Draws the pictures of the docs: the comment on a pull request and the message in Slack, as the tests hold them
 * (test/unit/release/golden), by a real browser. `make pictures` calls it.
 *
 * GitHub's own style sheet for Markdown is a package; Slack has none, so that its message is drawn in the likeness of one.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { execa } from "execa";
import { marked } from "marked";
import { z } from "zod";

const golden = "test/unit/release/golden";
const styles = createRequire(import.meta.url).resolve("github-markdown-css/github-markdown-light.css");

const text = z.object({ text: z.string() });
const blocksSchema = z.array(
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("header"), text }),
    z.object({ type: z.literal("section"), text }),
    z.object({ type: z.literal("context"), elements: z.array(text) }),
  ]),
);

/** A picture: what is in it, and how large it is, in CSS pixels. */
interface Picture {
  name: string;
  width: number;
  height: number;
  body: string;
}

function commentPicture(name: string, height: number): Picture {
  const markdown = readFileSync(`${golden}/${name}.md`, "utf8").replaceAll("<details>", "<details open>");
  const body = `<article class="comment"><header><b>pipeline</b> commented</header><div class="markdown-body">${marked.parse(markdown, { async: false })}</div></article>`;
  return { name, width: 860, height, body };
}

function slackPicture(name: string, height: number): Picture {
  const blocks = blocksSchema.parse(JSON.parse(readFileSync(`${golden}/${name}.json`, "utf8")));
  const lines = blocks.map((block) => {
    switch (block.type) {
      case "header":
        return `<h1>${block.text.text}</h1>`;
      case "section":
        return `<p>${mrkdwn(block.text.text)}</p>`;
      case "context":
        return `<small>${block.elements.map((element) => mrkdwn(element.text)).join(" ")}</small>`;
    }
  });
  return {
    name,
    width: 640,
    height,
    body: `<article class="slack"><b>releases</b> <i>APP</i>${lines.join("")}</article>`,
  };
}

/** What of Slack's markup the messages use. */
function mrkdwn(source: string): string {
  return source
    .replace(/\*([^*\n]+)\*/g, "<b>$1</b>")
    .replace(/`([^`\n]+)`/g, "<code>$1</code>")
    .replaceAll("\n", "<br>");
}

function page(body: string): string {
  return `<!doctype html><meta charset="utf-8"><style>${readFileSync(styles, "utf8")}
    body { margin: 16px; background: #fff; font: 15px/1.45 "DejaVu Sans", sans-serif; }
    .markdown-body { padding: 16px; font-family: "DejaVu Sans", sans-serif; font-size: 14px; }
    .comment { border: 1px solid #d1d9e0; border-radius: 6px; }
    .comment header { padding: 8px 16px; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; color: #59636e; }
    .slack { padding: 4px 16px; border-left: 4px solid #ddd; }
    .slack h1 { font-size: 18px; margin: 6px 0; } .slack p { margin: 6px 0; } .slack small { color: #616061; }
    .slack i { font-size: 10px; background: #eee; padding: 1px 4px; border-radius: 2px; }
  </style>${body}`;
}

/** As a PNG beside this file. */
async function draw({ name, width, height, body }: Picture): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), "pictures-"));
  try {
    const html = path.join(directory, "page.html");
    writeFileSync(html, page(body));
    await execa("chromium", [
      "--headless",
      // The pages are this program's own, and the browser's sandbox refuses root.
      "--no-sandbox",
      "--hide-scrollbars",
      `--user-data-dir=${path.join(directory, "profile")}`,
      `--window-size=${width},${height}`,
      `--screenshot=${path.join(import.meta.dirname, `${name}.png`)}`,
      html,
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

for (const picture of [
  commentPicture("preview-flip", 490),
  commentPicture("preview-policy", 620),
  slackPicture("slack-switch", 150),
  slackPicture("slack-off-peak", 230),
])
  await draw(picture);
