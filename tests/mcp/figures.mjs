/** Figures in prose: what a measurement found, below a mark in the file that says how to read it. */

import { readFileSync, writeFileSync } from "node:fs";

const MARK = "<!-- figures -->";

/** Puts lines in the place of all that stands below the mark, and shows them. */
export function writeFigures(file, lines) {
  const [before] = readFileSync(file, "utf8").split(MARK);
  writeFileSync(file, `${before}${MARK}\n${lines.join("\n")}\n`);
  console.log(lines.join("\n"));
}

/** A row of a table. */
export function row(cells) {
  return `| ${cells.join(" | ")} |`;
}

/** The number below which this share of the numbers lies. */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
