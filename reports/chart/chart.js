// To each chart this adds zoom, a cursor, and the states under it.
for (const chart of document.querySelectorAll(".chart")) setUp(chart);

function setUp(chart) {
  const end = Number(chart.dataset.to), least = Math.max(end / 4000, Math.min(end, 0.5));
  const section = chart.parentElement, tools = section.querySelector(".tools"), readout = section.querySelector(".readout");
  const cursor = chart.querySelector(".cursor"), range = tools.querySelector(".range"), axis = chart.querySelector(".axis .zoom");
  const zooms = chart.querySelectorAll(".zoom"), lanes = [...chart.querySelectorAll(".lane")].map(read).filter(l => l.things.length);
  const texts = [...chart.querySelectorAll("svg.b")].map(b => ({ text: b.lastElementChild, share: percent(b, "width"), need: room(b) }));
  let from = 0, to = end, at = null, drag = null;

  function percent(e, name) { return parseFloat(e.getAttribute(name)) / 100 || 0; }
  // room is about how many pixels a box needs for its text; what stands in brackets may be cut off.
  function room(b) {
    if (b.classList.contains("fault")) return 0;
    let n = 8;
    for (const c of b.lastElementChild.textContent.split(" (")[0]) n += c > "\u2e80" ? 11.5 : 6.3;
    return n;
  }
  // read takes from a lane what its boxes, signs and paths say, by time.
  function read(lane) {
    const things = [...lane.querySelectorAll(".b, use")].map(b => {
      const x = percent(b, "x") * end;
      return { from: x, to: x + percent(b, "width") * end, text: b.querySelector("title").textContent };
    });
    for (const p of lane.querySelectorAll("path")) {
      const d = p.getAttribute("d"), name = p.dataset.name;
      if (!p.dataset.n) {
        for (const m of d.matchAll(/M(\d+)/g)) { const x = m[1] * end / 1e6; things.push({ from: x, to: x, text: seconds(x, 0.001) + " " + chart.dataset.unit + ": " + name }); }
        continue;
      }
      let from = 0;
      const amounts = p.dataset.n.split(" ");
      for (const [i, m] of [...d.matchAll(/H(\d+)/g)].entries()) {
        const to = m[1] * end / 1e6;
        if (amounts[i] !== "0") things.push({ from, to, text: amounts[i] + " " + p.dataset.unit + " " + name });
        from = to;
      }
    }
    return { name: lane.querySelector(".label").textContent, things };
  }
  function track() { return axis.parentElement.getBoundingClientRect(); }
  function timeAt(x) { const b = track(); return from + (to - from) * Math.min(1, Math.max(0, (x - b.left) / b.width)); }

  function show(a, b) {
    const length = Math.min(end, Math.max(least, b - a));
    from = Math.min(Math.max(0, a), end - length);
    to = from + length;
    draw();
  }
  function zoom(factor, about) { show(about - (about - from) * factor, about + (to - about) * factor); }
  function draw() {
    const k = end / (to - from), width = track().width;
    for (const z of zooms) {
      z.setAttribute("x", -100 * from / (to - from) + "%");
      z.setAttribute("width", 100 * k + "%");
    }
    for (const t of texts) t.text.style.display = t.share * k * width < t.need ? "none" : "";
    drawAxis(width);
    range.textContent = seconds(from) + " – " + seconds(to) + " " + chart.dataset.unit;
    drawCursor();
  }
  function drawAxis(width) {
    const wanted = (to - from) * 75 / width;
    const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400].find(s => s >= wanted) || wanted;
    axis.replaceChildren();
    for (let i = Math.ceil(from / step); i * step <= to * (1 + 1e-9); i++) {
      const x = 100 * i * step / end + "%", share = (i * step - from) / (to - from);
      add("line", { x1: x, x2: x, y1: 0, y2: 6 });
      add("text", { x, y: 18, "text-anchor": share < 0.04 ? "start" : share > 0.96 ? "end" : "middle" }).textContent = seconds(i * step, step);
    }
  }
  function add(name, attributes) {
    const e = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    return axis.appendChild(e);
  }
  function seconds(t, step = (to - from) / 100) { return t.toFixed(step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3); }

  function drawCursor() {
    cursor.hidden = at === null || at < from || at > to;
    if (cursor.hidden) return;
    const b = track();
    cursor.style.left = b.left - chart.getBoundingClientRect().left + b.width * (at - from) / (to - from) + "px";
  }
  // point puts the cursor at t and tells every lane's state there.
  function point(t) {
    at = Math.min(end, Math.max(0, t));
    const near = (to - from) / track().width * 4, list = document.createElement("dl");
    for (const lane of lanes) {
      const found = lane.things.filter(x => x.to > x.from ? x.from <= at && at < x.to : Math.abs(x.from - at) <= near);
      const row = document.createElement("div"), name = document.createElement("dt"), text = document.createElement("dd");
      name.textContent = lane.name;
      text.textContent = found.map(x => x.text).slice(0, 3).join("; ") || chart.dataset.none;
      row.append(name, text);
      list.append(row);
    }
    const head = document.createElement("strong");
    head.textContent = readout.dataset.head + " " + seconds(at, 0.01) + " " + chart.dataset.unit;
    readout.replaceChildren(head, list);
    drawCursor();
  }
  // move puts the cursor elsewhere and keeps it in view.
  function move(t) {
    point(t);
    if (at < from) show(at, at + to - from);
    if (at > to) show(at - to + from, at);
  }

  const deeds = {
    in: () => zoom(0.5, at !== null && at >= from && at <= to ? at : (from + to) / 2),
    out: () => zoom(2, (from + to) / 2),
    left: () => show(from - (to - from) / 2, to - (to - from) / 2),
    right: () => show(from + (to - from) / 2, to + (to - from) / 2),
    all: () => show(0, end),
  };
  tools.addEventListener("click", e => { const b = e.target.closest("button"); if (b) deeds[b.dataset.do](); });
  chart.addEventListener("keydown", e => {
    const step = (to - from) / (e.shiftKey ? 10 : 50), now = at === null ? from : at;
    const deed = { ArrowLeft: () => move(now - step), ArrowRight: () => move(now + step), "+": deeds.in, "=": deeds.in, "-": deeds.out, 0: deeds.all, Home: deeds.all }[e.key];
    if (!deed || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    deed();
  });
  chart.addEventListener("pointerdown", e => { drag = { x: e.clientX, from, to, moved: false }; });
  chart.addEventListener("pointermove", e => {
    if (drag && e.buttons) {
      const shift = (e.clientX - drag.x) / track().width * (drag.to - drag.from);
      drag.moved = drag.moved || Math.abs(e.clientX - drag.x) > 4;
      if (drag.moved) show(drag.from - shift, drag.to - shift);
    }
    point(timeAt(e.clientX));
  });
  chart.addEventListener("click", e => { if (drag && drag.moved) e.preventDefault(); drag = null; });
  chart.addEventListener("dblclick", e => zoom(0.5, timeAt(e.clientX)));
  chart.addEventListener("wheel", e => {
    if (!e.ctrlKey) return;
    e.preventDefault();
    zoom(e.deltaY > 0 ? 1.25 : 0.8, timeAt(e.clientX));
  }, { passive: false });
  document.addEventListener("click", e => {
    const link = e.target.closest(".show");
    if (!link) return;
    const a = Number(link.dataset.from), b = Number(link.dataset.to), margin = Math.max(1, (b - a) * 0.15);
    show(a - margin, b + margin);
  });
  let kept = null;
  addEventListener("beforeprint", () => { kept = [from, to]; show(0, end); });
  addEventListener("afterprint", () => { if (kept) show(...kept); });
  new ResizeObserver(draw).observe(chart);
  tools.hidden = readout.hidden = false;
  draw();
}
