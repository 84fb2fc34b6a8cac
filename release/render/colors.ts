/** Colour on a terminal; plain text anywhere else, and where NO_COLOR asks for it. */
import { isatty } from "node:tty";
import picocolors from "picocolors";
import type { Color } from "../../components/colors";

// Not the library's own guess, which it makes where this is undefined as well: it colours in every pipeline.
const onTerminal = isatty(1) && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";

export const paint = picocolors.createColors(onTerminal);

/** A colour's name in that colour. */
export function colorName(color: Color): string {
  return color === "blue" ? paint.blue(color) : paint.green(color);
}
