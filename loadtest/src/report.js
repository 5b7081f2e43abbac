import { auditLine, table } from './text.js';

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 56;
const BOTTOM = 28;
const COLOURS = ['#1f6feb', '#d97706', '#c93c37'];

/** A run as one HTML page with pictures, that needs nothing else. */
export function html({ url, size, at, results }) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Hookwell: load</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 90rem; margin: 2rem auto; padding: 0 1rem }
  pre { background: #f4f4f5; padding: .75rem; overflow-x: auto }
  figure { display: inline-block; margin: 0 1rem 1rem 0 }
  figcaption { font-weight: 600 }
  svg { font-size: 11px }
</style>
<h1>Load on ${escape(url)}</h1>
<p>${escape(at)}, bodies of ${size} bytes</p>
${results.map(section).join('\n')}
</html>
`;
}

function section(measured) {
  return `<h2>${escape(measured.name)}</h2>
<pre>${escape(table(measured))}\n${escape(auditLine(measured.result))}</pre>
${chart('Latency over time (ms, s)', 'at', measured.overTime, { p50: '50 %', p97_5: '97.5 %', max: 'max' })}
${chart('Latency by percentile (ms, nines)', 'at', nines(measured.percentiles), { latency: 'latency' })}
${chart('Acknowledged and stored (captures, s)', 'at', measured.points, { acknowledged: 'acknowledged', stored: 'stored' })}`;
}

/** Percentiles on an axis on which 90, 99 and 99.9 % are equally far from each other. */
function nines(percentiles) {
  return percentiles
    .slice(0, -1)
    .map((latency, i) => ({ at: -Math.log10(1 - (i / 10 + 0.1) / 100), latency }));
}

function chart(title, x, points, lines) {
  const most = (values) => values.reduce((a, b) => Math.max(a, b), 0) || 1;
  const maxX = most(points.map((point) => point[x]));
  const maxY = most(points.flatMap((point) => Object.keys(lines).map((name) => point[name])));
  const px = (value) => (LEFT + (value / maxX) * (WIDTH - LEFT - 8)).toFixed(1);
  const py = (value) => (HEIGHT - BOTTOM - (value / maxY) * (HEIGHT - BOTTOM - 24)).toFixed(1);
  const paths = Object.keys(lines).map((name, i) => {
    const at = points.map((point) => `${px(point[x])},${py(point[name])}`).join(' ');
    return `<polyline fill="none" stroke="${COLOURS[i]}" stroke-width="1.5" points="${at}"/>`;
  });
  const legend = Object.values(lines).map(
    (label, i) => `<text x="${LEFT + i * 110}" y="14" fill="${COLOURS[i]}">${label}</text>`,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((part) => [
    `<line x1="${LEFT}" x2="${WIDTH - 8}" y1="${py(part * maxY)}" y2="${py(part * maxY)}" stroke="#ddd"/>`,
    `<text x="${LEFT - 6}" y="${py(part * maxY)}" text-anchor="end" dominant-baseline="middle">${label(part * maxY)}</text>`,
    `<text x="${px(part * maxX)}" y="${HEIGHT - 8}" text-anchor="middle">${label(part * maxX)}</text>`,
  ]);
  return `<figure><figcaption>${title}</figcaption>
<svg width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">${ticks.join('')}${paths.join('')}${legend.join('')}</svg></figure>`;
}

function label(value) {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(2));
}

function escape(text) {
  return String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
