// Pictures of what was charted over the doses: points as they are, doses as lines, limits of the rows; no smoothing.
"use strict";
(() => {
  const styled = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const marks = (doses, limits) => ({
    hooks: {
      drawClear: [(plot) => {
        const pen = plot.ctx, { left, top, width, height } = plot.bbox;
        pen.save();
        pen.strokeStyle = styled("--line");
        pen.lineWidth = 1;
        doses.forEach((dose) => {
          const x = plot.valToPos(dose.at, "x", true);
          if (x < left || x > left + width) return;
          pen.beginPath(); pen.moveTo(x, top); pen.lineTo(x, top + height); pen.stroke();
        });
        pen.setLineDash([6, 4]);
        pen.strokeStyle = styled("--stop");
        pen.fillStyle = styled("--stop");
        limits.forEach((limit) => {
          const y = plot.valToPos(limit.value, "y", true);
          if (y < top || y > top + height) return;
          pen.beginPath(); pen.moveTo(left, y); pen.lineTo(left + width, y); pen.stroke();
          pen.fillText(`${limit.op} ${limit.value}`, left + 4, y - 4);
        });
        pen.restore();
      }],
    },
  });

  const place = (box, panel) => {
    const part = document.createElement("div"), title = document.createElement("h3");
    part.className = "picture";
    title.textContent = `${panel.words}, ${panel.unit}`;
    part.append(title);
    box.append(part);
    return part;
  };

  const draw = (part, panel, all) => {
    const times = [...new Set(panel.series.flatMap((each) => each.points.map((point) => point[0])))].sort((a, b) => a - b);
    const data = [times, ...panel.series.map((each) => {
      const at = new Map(each.points.map((point) => [point[0], point[1]]));
      return times.map((time) => (at.has(time) ? at.get(time) : null));
    })];
    const count = panel.series.reduce((sum, each) => sum + each.points.length, 0);
    if (!count) {
      const none = document.createElement("p");
      none.textContent = "never charted";
      part.append(none);
      return;
    }
    const colours = [styled("--accent"), styled("--unknown")], ink = styled("--soft"), line = styled("--line");
    const axis = { stroke: ink, grid: { stroke: line, width: 0.5 }, ticks: { stroke: line } };
    const values = data.slice(1).flat().filter((each) => each !== null);
    const near = panel.limits.map((each) => each.value).filter((each) => each >= Math.min(...values) * 0.6 && each <= Math.max(...values) * 1.4);
    const low = Math.min(...values, ...near), high = Math.max(...values, ...near), room = (high - low || 1) * 0.12;
    const zone = all.zone || "UTC", two = (number) => String(number).padStart(2, "0");
    const label = (at) => { const day = uPlot.tzDate(new Date(at * 1000), zone); return `${two(day.getHours())}:${two(day.getMinutes())}\n${two(day.getMonth() + 1)}-${two(day.getDate())}`; };
    new uPlot({
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
      width: Math.max(260, part.clientWidth), height: 170, legend: { show: false },
      scales: { x: { range: [Math.min(times[0], ...all.doses.map((each) => each.at)) - 3600, all.now + 3600] }, y: { range: [low - room, high + room] } },
      axes: [{ ...axis, values: (plot, at) => at.map(label) }, { ...axis, size: 48 }],
      series: [{}, ...panel.series.map((each, index) => ({
        label: each.words, stroke: colours[index], width: 1.5, dash: index ? [4, 3] : undefined, spanGaps: true, points: { show: true, size: index ? 5 : 6 },
      }))],
      plugins: [marks(all.doses, panel.limits)],
    }, data, part);
    const said = document.createElement("p");
    said.className = "hidden";
    said.textContent = panel.series.map((each) => each.points.length ? `${each.words}: ${each.points.length} values, the last ${each.points.at(-1)[1]} ${panel.unit}` : `${each.words}: none`).join("; ");
    part.append(said);
  };

  const load = async (box) => {
    const answer = await fetch(box.dataset.series, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const all = await answer.json();
    box.replaceChildren();
    const parts = all.panels.map((panel) => place(box, panel));  // all of them, so that each has its width
    all.panels.forEach((panel, index) => draw(parts[index], panel, all));
  };

  const boxes = document.querySelectorAll("[data-series]");
  boxes.forEach(load);
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "now") boxes.forEach(load); });
})();
