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

  const element = (name, text = "", kind = "") => {
    const made = document.createElement(name);
    made.textContent = text;
    made.className = kind;
    return made;
  };

  // What may not be believed is crossed out, and no line leads through it.
  const crosses = (doubtful, colours) => ({
    hooks: {
      draw: [(plot) => {
        const pen = plot.ctx, arm = 5 * devicePixelRatio;
        pen.save();
        pen.lineWidth = 2 * devicePixelRatio;
        doubtful.forEach((points, index) => points.forEach(([at, value]) => {
          const x = plot.valToPos(at, "x", true), y = plot.valToPos(value, "y", true);
          pen.strokeStyle = colours[index];
          pen.beginPath();
          pen.moveTo(x - arm, y - arm); pen.lineTo(x + arm, y + arm);
          pen.moveTo(x - arm, y + arm); pen.lineTo(x + arm, y - arm);
          pen.stroke();
        }));
        pen.restore();
      }],
    },
  });

  const place = (box, panel) => {
    const part = element("div", "", "picture"), key = element("p", "", "key");
    part.append(element("h3", `${panel.words}, ${panel.unit}`));
    panel.series.forEach((each, index) => {
      if (panel.series.length > 1) key.append(element("span", each.words, index ? "second" : "first"));
    });
    if (panel.series.some((each) => each.points.some((point) => !point[2]))) key.append(element("span", "not to be believed", "crossed"));
    if (panel.limits.length) key.append(element("span", "limits of the rows", "limits"));
    part.append(key);
    box.append(part);
    return part;
  };

  const clock = (all) => {
    const zone = all.zone || "UTC", two = (number) => String(number).padStart(2, "0");
    const day = (at) => uPlot.tzDate(new Date(at * 1000), zone);
    return {
      day,
      time: (at) => `${two(day(at).getHours())}:${two(day(at).getMinutes())}`,
      date: (at) => `${two(day(at).getMonth() + 1)}-${two(day(at).getDate())}`,
    };
  };

  // The same in words and numbers, for whoever sees no picture or wants to read one value.
  const table = (panel, all) => {
    const shown = clock(all), part = element("details"), rows = element("tbody"), head = element("tr"), made = element("table");
    ["time", "what", panel.unit, ""].forEach((words) => head.append(element("th", words)));
    panel.series
      .flatMap((each) => each.points.map((point) => [each.words, ...point]))
      .sort((one, other) => other[1] - one[1])
      .forEach(([words, at, value, believed, doubt]) => {
        const row = element("tr", "", believed ? "" : "why");
        row.append(element("td", `${shown.date(at)} ${shown.time(at)}`), element("td", words));
        row.append(element("td", believed ? String(value) : "not to be believed"), element("td", doubt));
        rows.append(row);
      });
    const top = element("thead");
    top.append(head);
    made.append(top, rows);
    const scroll = element("div", "", "scroll");
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", `values of ${panel.words}`);
    scroll.append(made);
    part.append(element("summary", "values"), scroll);
    return part;
  };

  const draw = (part, panel, all) => {
    const points = panel.series.flatMap((each) => each.points), believed = points.filter((point) => point[2]);
    if (!points.length) return part.append(element("p", "never charted"));
    if (believed.length) picture(part, panel, all, believed); else part.append(element("p", "no value that may be believed"));
    return part.append(table(panel, all));
  };

  const picture = (part, panel, all, believed) => {
    const times = [...new Set(believed.map((point) => point[0]))].sort((a, b) => a - b);
    const data = [times, ...panel.series.map((each) => {
      const at = new Map(each.points.filter((point) => point[2]).map((point) => [point[0], point[1]]));
      return times.map((time) => (at.has(time) ? at.get(time) : null));
    })];
    const doubtful = panel.series.map((each) => each.points.filter((point) => !point[2] && point[1] !== null));
    const colours = [styled("--accent"), styled("--unknown")], ink = styled("--soft"), line = styled("--line");
    const axis = { stroke: ink, grid: { stroke: line, width: 0.5 }, ticks: { stroke: line } };
    const values = [...believed, ...doubtful.flat()].map((point) => point[1]);
    const near = panel.limits.map((each) => each.value).filter((each) => each >= Math.min(...values) * 0.6 && each <= Math.max(...values) * 1.4);
    const low = Math.min(...values, ...near), high = Math.max(...values, ...near), room = (high - low || Math.abs(high) * 0.1 || 1) * 0.12;
    const shown = clock(all);
    new uPlot({
      tzDate: shown.day,
      width: Math.max(220, part.clientWidth), height: 170, legend: { show: false },
      scales: { x: { range: [all.from, all.now + 3600] }, y: { range: [low - room, high + room] } },
      axes: [{ ...axis, values: (plot, at) => at.map((each) => `${shown.time(each)}\n${shown.date(each)}`) }, { ...axis, size: 48 }],
      series: [{}, ...panel.series.map((each, index) => ({
        label: each.words, stroke: colours[index], width: 1.5, dash: index ? [4, 3] : undefined, spanGaps: true, points: { show: true, size: index ? 5 : 6 },
      }))],
      plugins: [marks(all.doses, panel.limits), crosses(doubtful, colours)],
    }, data, part);
    part.querySelector(".uplot").setAttribute("aria-hidden", "true");  // its values stand in the table below
  };

  const load = async (box) => {
    const answer = await fetch(box.dataset.series, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const all = await answer.json();
    const times = [...all.panels.flatMap((panel) => panel.series.flatMap((each) => each.points.map((point) => point[0]))), ...all.doses.map((each) => each.at)];
    all.from = Math.min(all.now, ...times) - 3600;  // one time axis for all, so that one looks from picture to picture
    box.replaceChildren();
    const parts = all.panels.map((panel) => place(box, panel));  // all of them, so that each has its width
    all.panels.forEach((panel, index) => draw(parts[index], panel, all));
  };

  const boxes = document.querySelectorAll("[data-series]");
  boxes.forEach(load);
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "now") boxes.forEach(load); });
})();
