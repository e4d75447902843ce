// The page's half of lessons_lib.charts.LivePanel: labelled native controls above one Vega view
// that stays alive. It knows positions (0, 1, 2, …) and texts; values and numbers are the kernel's.

const VEGA = Symbol.for("lessons_lib.vega"); // one copy a page, shared by all panels
const AT = Symbol("row"); // where a row stands in its data set
const SILENCE_MS = 3000;
const MARGIN = 12; // Vega's own padding on both sides, and a line's width
const NARROW = 700; // as in panel.css
const GONE =
  "The kernel has gone, so the chart no longer follows. Run the notebook's cells again from the top.";
const SILENT =
  "No answer for 3 seconds: the kernel is busy with another cell, or it has gone. " +
  "If nothing changes, restart the kernel and run the cells again.";

function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// JupyterLab's command mode takes keys from anything without this attribute on the element itself.
function keepKeys(element) {
  element.dataset.lmSuppressShortcuts = "true";
  element.addEventListener("keydown", (event) => event.stopPropagation());
  return element;
}

function loadVega(model) {
  globalThis[VEGA] ??= new Promise((resolve, reject) => {
    const answer = async (message, buffers) => {
      if (message.kind !== "vega") return;
      model.off("msg:custom", answer);
      const packed = new Blob([buffers[0]]).stream();
      const source = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).text();
      const vega = {};
      new Function("exports", "module", "define", source)(vega, {});
      resolve(vega);
    };
    model.on("msg:custom", answer);
    model.on("comm_live_update", () => reject(new Error(GONE)));
    model.send({ kind: "vega" });
  }).catch((error) => {
    delete globalThis[VEGA]; // the next panel asks its own kernel
    throw error;
  });
  return globalThis[VEGA];
}

// One column as `wire.pack` describes it: typed numbers, or words by their codes.
function toValues([, type, words], bytes) {
  const codes = new globalThis[`${type}Array`](
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
  return words ? Array.from(codes, (code) => words[code]) : codes;
}

// The change that turns the rows of a data set into new ones. As long as their number stays, they
// are changed in place, in the columns that differ: no mark is taken out of the page and put back.
function difference(vega, before, columns, count) {
  const change = vega.changeset();
  if (before?.count === count) {
    for (const [name, values] of Object.entries(columns)) {
      const old = before.columns[name];
      if (values.some((value, i) => value !== old[i]))
        change.modify(vega.truthy, name, (row) => values[row[AT]]);
    }
    return change;
  }
  const row = (_, i) => {
    const fields = Object.entries(columns).map(([name, values]) => [name, values[i]]);
    return Object.assign(Object.fromEntries(fields), { [AT]: i });
  };
  return change.remove(vega.truthy).insert(Array.from({ length: count }, row));
}

function makeControl(control, id, onMove) {
  const label = node("label", { htmlFor: id, textContent: control.label });
  const last = control.texts.length - 1;
  if (control.kind === "choice") {
    const options = control.texts.map((text, i) => node("option", { value: i, textContent: text }));
    const select = keepKeys(node("select", { id, onchange: onMove }, ...options));
    return { row: [label, select], get: () => select.selectedIndex, put: (at) => (select.selectedIndex = at) };
  }
  const text = node("span", { className: "lm-value", ariaHidden: "true" });
  // The longest text holds the place, so that the slider keeps its length.
  const widest = control.texts.reduce((a, b) => (b.length > a.length ? b : a));
  text.style.minWidth = `${widest.length + 1}ch`;
  const slider = keepKeys(node("input", { id, type: "range", min: 0, max: last, step: 1 }));
  const say = () => {
    text.textContent = control.texts[slider.value];
    slider.setAttribute("aria-valuetext", text.textContent);
  };
  slider.oninput = () => (say(), onMove());
  return {
    row: [label, slider, text],
    get: () => Number(slider.value),
    put: (at) => ((slider.value = at), say()),
  };
}

function fillTable(table, { head, numeric, rows }) {
  const kind = (i) => ({ className: numeric[i] ? "lm-number" : "" });
  const heads = head.map((text, i) => node("th", { scope: "col", textContent: text, ...kind(i) }));
  const body = rows.map((row) =>
    node("tr", {}, ...row.map((text, i) => node("td", { textContent: text, ...kind(i) }))),
  );
  table.replaceChildren(node("thead", {}, node("tr", {}, ...heads)), node("tbody", {}, ...body));
}

// A title in as many lines as its room asks for.
function inLines(vega) {
  return (text, room, fontSize, bold) => {
    const font = { fontSize, font: "sans-serif", fontWeight: bold ? "bold" : "normal" };
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (lines.at(-1) && vega.textMetrics.width({ ...font, text: longer }, longer) > room) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  };
}

// What a view takes in width beside its plot (axes, titles, a legend), as drawn last: in all, and
// left of it.
function beside(view, { name, signal }) {
  const all = view.scenegraph().root.items[0];
  if (!name) return { extra: all.bounds.width() - view.signal(signal), left: 0 };
  const find = (group) => {
    if (group.mark?.name === name) return group;
    for (const mark of group.items ?? [])
      for (const item of mark.marktype === "group" ? mark.items : []) {
        const found = find(item);
        if (found) return found;
      }
  };
  const { bounds, width, x } = find(all);
  return { extra: bounds.width() - width, left: x - bounds.x1 };
}

// Widths of all views for a page so wide: side by side if the row has room for it, or stacked.
// The first plots of all rows begin in one line, and so do those of a stack.
function fitted(view, rows, wide) {
  const wanted = { page_width: wide };
  const drawn = rows.map(({ views }) => views.map((each) => beside(view, each)));
  const left = Math.max(...drawn.map(([first]) => first.left));
  rows.forEach(({ columns, least, gap, views }, r) => {
    const extra = drawn[r].map((each) => each.extra);
    const most = wide - MARGIN - (left - drawn[r][0].left);
    const room = most - gap * (views.length - 1) - extra.reduce((a, b) => a + b, 0);
    const stacked = views.length > 1 && room < least;
    const natural = views.reduce((sum, each) => sum + each.width, 0);
    const alone = most - Math.max(...extra);
    for (const { signal, width } of views) {
      const own = stacked || !columns ? alone : (room * width) / natural;
      wanted[signal] = Math.max(60, Math.floor(Math.min(own, wanted[signal] ?? own)));
    }
    if (columns) wanted[columns] = stacked ? 1 : views.length;
  });
  return wanted;
}

function build(model, me, onMove) {
  const { title, description, longest } = model.get("texts");
  const controls = model.get("controls").map((c, i) => makeControl(c, `${me}-${i}`, onMove));
  const words = node("p", { id: `${me}-words`, textContent: description });
  const status = node("p", { className: "lm-status", id: `${me}-status`, role: "status" });
  // Words as long as the longest verdict hold its place, so that nothing below it jumps.
  const place = node("p", { className: "lm-place", ariaHidden: "true" });
  place.dataset.words = "seven letters ".repeat(Math.ceil(longest / 14)).slice(0, longest);
  const verdict = node("div", { className: "lm-verdict" }, place, status);
  const chart = node("div", { className: "lm-chart", ariaHidden: "true" });
  const picture = node("div", { role: "img", ariaLabel: title }, chart);
  picture.setAttribute("aria-describedby", `${words.id} ${status.id}`);
  const table = node("table", { ariaLabel: `${title}: exact figures` });
  const figures = keepKeys(node("div", { className: "lm-table", role: "group", tabIndex: 0, ariaLabel: "Exact figures" }, table));
  const summary = keepKeys(node("summary", { textContent: "Exact figures, and the chart in words" }));
  const details = node("details", {}, summary, words, figures);
  // English words, and axes that grow to the right: a page written right to left would turn both round.
  const root = node("div", { className: "lm-panel", role: "group", ariaLabel: title, lang: "en", dir: "ltr" },
    node("div", { className: "lm-title", textContent: title }),
    node("div", { className: "lm-controls" },
      ...controls.map(({ row }) => node("div", { className: "lm-control" }, ...row))),
    verdict,
    picture,
    details,
  );
  return { root, controls, verdict, chart, status, details, table };
}

async function render({ model, el }) {
  const shown = {}; // for each data set what the chart holds
  const me = `lm-${Math.random().toString(36).slice(2)}`;
  let vega, view, waiting, asked, figures, newest, wide;
  let moved = false, owed = false, drawing = false, alive = true;

  const { root, controls, verdict, chart, status, details, table } = build(model, me, move);
  model.get("controls").forEach((control, i) => controls[i].put(control.at));
  details.ontoggle = fill;
  el.append(root);
  root.dataset.atWork = "";

  // One question at a time: while its answer is under way, only the newest position is kept.
  function move() {
    if (waiting) moved = true;
    else ask({ kind: "set", me, at: controls.map((control) => control.get()) });
  }

  function ask(message) {
    moved = false;
    owed = true;
    asked = message.kind;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = undefined; // the next move asks again
      tell(SILENT);
    }, SILENCE_MS);
    try {
      model.send(message);
    } catch {
      clearTimeout(waiting);
      waiting = undefined;
      owed = false;
      tell(GONE);
    }
    showWork();
  }

  // Tells whoever looks at the page that what is shown may not be what the controls say.
  function showWork() {
    root.toggleAttribute("data-at-work", owed || drawing);
  }

  function tell(text) {
    if (status.textContent === text) return;
    status.textContent = text;
    keepPlace();
  }

  // Where no room is kept for the longest verdict (`panel.css`), that of the longest so far is.
  function keepPlace() {
    if (wide <= NARROW) verdict.style.minHeight = `${verdict.offsetHeight}px`;
  }

  // A table that nobody sees costs nothing.
  function fill() {
    if (details.open && figures) fillTable(table, figures);
  }

  // The line to the kernel changed: ask anew. A line that is dead throws at once.
  function lineChanged() {
    if (alive) ask({ kind: "hello", me });
  }

  function hear(message, buffers) {
    if (message.kind !== "view" && message.kind !== "failed") return;
    const toTheHand = message.to === me && asked === "set";
    if (message.to === me) {
      clearTimeout(waiting);
      waiting = undefined;
      owed = false;
      if (moved) move();
    }
    tell(message.status);
    showWork();
    if (message.kind !== "view") return;
    // The hand is ahead of its answers: only other changes (from Python, another page) move it.
    if (!toTheHand && !waiting) controls.forEach((control, i) => control.put(message.at[i]));
    figures = message.table;
    fill();
    newest = () => draw(message.columns, buffers);
    drawNewest();
  }

  // One drawing at a time: a change that Vega has not yet taken in would be lost to the next one.
  async function drawNewest() {
    if (drawing || !view) return;
    drawing = true;
    showWork();
    try {
      while (alive && (newest || (wide && wide !== chart.clientWidth))) {
        const drawThis = newest;
        newest = undefined;
        await drawThis?.();
        await fit();
      }
    } catch (error) {
      tell(`The chart could not be drawn: ${error.message}`);
    }
    drawing = false;
    showWork();
  }

  async function draw(described, buffers) {
    let next = 0;
    for (const [name, list] of Object.entries(described)) {
      const columns = Object.fromEntries(list.map((d) => [d[0], toValues(d, buffers[next++])]));
      const count = Object.values(columns)[0]?.length ?? 0;
      view.change(name, difference(vega, shown[name], columns, count));
      shown[name] = { columns, count };
    }
    await view.runAsync();
  }

  // What stands beside a plot depends on its width, and its axes on the data: look at most thrice.
  async function fit() {
    const svg = chart.querySelector("svg");
    const turned = wide !== chart.clientWidth;
    if (!chart.clientWidth || !(turned || overflows(svg))) return;
    wide = chart.clientWidth;
    if (turned) verdict.style.minHeight = "";
    keepPlace();
    let less = 0; // what a legend beside all views takes
    for (let turn = 0; turn < 3; turn++) {
      const wanted = Object.entries(fitted(view, model.get("texts").rows, wide - less));
      if (turn && wanted.every(([name, value]) => view.signal(name) === value)) break;
      for (const [name, value] of wanted) view.signal(name, value);
      await view.resize().runAsync();
      less += Math.max(0, view.scenegraph().root.items[0].bounds.width() - (wide - MARGIN));
    }
    // Unless the page itself got another width, the chart only grows: nothing below it jumps.
    const before = turned ? 0 : chart.clientHeight;
    chart.style.height = `${Math.ceil(Math.max(before, svg.height.baseVal.value))}px`;
  }

  function overflows(svg) {
    const { bounds } = view.scenegraph().root.items[0];
    return bounds.width() > wide - 8 || bounds.height() > svg.height.baseVal.value - 8;
  }

  const resized = new ResizeObserver(() => drawNewest());
  model.on("msg:custom", hear);
  model.on("comm_live_update", lineChanged);
  try {
    vega = await loadVega(model);
    vega.expressionFunction("inLines", inLines(vega));
    view = new vega.View(vega.parse(model.get("spec")), { renderer: "svg", container: chart });
    view.cleanThreshold = 200; // forget removed rows soon, not after 10,000 of them
    ask({ kind: "hello", me });
    resized.observe(chart);
  } catch (error) {
    tell(`The chart could not be drawn: ${error.message}`);
  }
  return () => {
    alive = false;
    clearTimeout(waiting);
    resized.disconnect();
    model.off("msg:custom", hear);
    model.off("comm_live_update", lineChanged);
    view?.finalize();
  };
}

export default { render };
