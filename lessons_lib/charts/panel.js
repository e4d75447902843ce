// The page's half of lessons_lib.charts.LivePanel: labelled native controls above one Vega view
// that stays alive. It knows positions (0, 1, 2, …) and texts; values and numbers are the kernel's.

const VEGA = Symbol.for("lessons_lib.vega"); // one copy a page, shared by all panels
const AT = Symbol("row"); // where a row stands in its data set
const SILENCE_MS = 3000;
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

function build(model, me, onMove) {
  const { title, description, width, height } = model.get("texts");
  const controls = model.get("controls").map((c, i) => makeControl(c, `${me}-${i}`, onMove));
  const words = node("p", { id: `${me}-words`, textContent: description });
  const status = node("p", { className: "lm-status", id: `${me}-status`, role: "status" });
  const chart = node("div", { className: "lm-chart", ariaHidden: "true" });
  // The first picture's size holds the place, and its shape where the page is narrower.
  Object.assign(chart.style, { aspectRatio: `${width} / ${height}`, maxHeight: `${height}px` });
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
    picture,
    status,
    details,
  );
  return { root, controls, chart, status, details, table };
}

async function render({ model, el }) {
  const shown = {}; // for each data set what the chart holds
  const me = `lm-${Math.random().toString(36).slice(2)}`;
  let vega, view, waiting, asked, figures, newest;
  let moved = false, drawing = false, alive = true;

  const { root, controls, chart, status, details, table } = build(model, me, move);
  model.get("controls").forEach((control, i) => controls[i].put(control.at));
  details.ontoggle = fill;
  el.append(root);

  // One question at a time: while its answer is under way, only the newest position is kept.
  function move() {
    if (waiting) moved = true;
    else ask({ kind: "set", me, at: controls.map((control) => control.get()) });
  }

  function ask(message) {
    moved = false;
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
      tell(GONE);
    }
  }

  function tell(text) {
    if (status.textContent !== text) status.textContent = text;
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
      if (moved) move();
    }
    tell(message.status);
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
    try {
      while (newest && alive) {
        const drawThis = newest;
        newest = undefined;
        await drawThis();
      }
    } catch (error) {
      tell(`The chart could not be drawn: ${error.message}`);
    }
    drawing = false;
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

  model.on("msg:custom", hear);
  model.on("comm_live_update", lineChanged);
  try {
    vega = await loadVega(model);
    view = new vega.View(vega.parse(model.get("spec")), { renderer: "svg", container: chart });
    view.cleanThreshold = 200; // forget removed rows soon, not after 10,000 of them
    ask({ kind: "hello", me });
  } catch (error) {
    tell(`The chart could not be drawn: ${error.message}`);
  }
  return () => {
    alive = false;
    clearTimeout(waiting);
    model.off("msg:custom", hear);
    model.off("comm_live_update", lineChanged);
    view?.finalize();
  };
}

export default { render };
