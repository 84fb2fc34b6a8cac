/** The two environments of a service. One is live, the other idle; which is which is configuration. */
export const colors = ["blue", "green"] as const;

export type Color = (typeof colors)[number];

/** One value for each colour. */
export type PerColor<T> = Record<Color, T>;

/** The colour that is idle while `color` is live, and the other way round. */
export function other(color: Color): Color {
  return color === "blue" ? "green" : "blue";
}

/** Builds one value for each colour, blue first. */
export function forEachColor<T>(build: (color: Color) => T): PerColor<T> {
  return { blue: build("blue"), green: build("green") };
}
