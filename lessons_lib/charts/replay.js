// The page's half of lessons_lib.charts.Replay: it plays a whole run that was sent once. The page's
// own elements hold every word and count; the canvas above them draws the requests alone.

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const SPEAK_MS = 2000; // the live region says at most one sentence in that time
const TELL_MS = 60; // the counts change no faster than this, the picture with each frame
const EASE_MS = 90; // how fast a request moves to where it belongs
const REST_MS = 1000; // between two pictures, for those who want no motion
const ROWS = 200; // of the event list at one time
const PLAIN = 4; // pixels: what is smaller is drawn as a plain square
const GAP = 5; // between a queue and its servers
const SEEN = 24; // more servers than these share one box
const ICONS = { play: "M2,1L11,6L2,11Z", pause: "M2,1H5V11H2ZM7,1H10V11H7Z", next: "M1,1L7,6L1,11ZM8,1H10.5V11H8Z" };

function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const icon = (path, box, name) =>
  node("span", { className: name, innerHTML: `<svg viewBox="${box}" aria-hidden="true"><path d="${path}"/></svg>` });

// JupyterLab's command mode takes keys from anything without this attribute on the element itself.
function keepKeys(element) {
  element.dataset.lmSuppressShortcuts = "true";
  element.addEventListener("keydown", (event) => event.stopPropagation());
  return element;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// The run as `replay._packed` writes it. All that is counted is compared by moments, whole numbers.
async function unpack(bytes, { requests, moments, lanes, kinds }) {
  const packed = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(packed).arrayBuffer();
  let sum = 0;
  const time = Float64Array.from(new Float32Array(buffer, 0, moments), (gap) => (sum += gap));
  const steps = new Int16Array(buffer, 4 * moments);
  let at = 0;
  const column = () => {
    let value = 0;
    return Int16Array.from({ length: requests }, () => (value += steps[at++]));
  };
  const arrive = column();
  return { time, arrive, lanes: lanes.map((texts) => {
    const lane = { ...texts, start: column(), finish: column(), server: column(), kind: column() };
    lane.leave = lane.start.map((start, i) => Math.min(start, lane.finish[i]));
    lane.ends = kinds.map(() => 0);
    lane.pile = new Int16Array(requests); // the place of each among those that left in the same way
    const order = Array.from(arrive, (_, i) => i).sort((a, b) => lane.finish[a] - lane.finish[b] || a - b);
    for (const i of order) if (lane.finish[i] < moments) lane.pile[i] = lane.ends[lane.kind[i]]++;
    lane.most = most(arrive, lane.leave, moments);
    const mine = new Map(); // for each server its requests
    lane.server.forEach((server, i) => {
      if (server < 0 || lane.start[i] >= lane.finish[i]) return;
      if (!mine.has(server)) mine.set(server, []);
      mine.get(server).push(i);
    });
    const together = [...mine.values()].map((all) => most(all.map((i) => lane.start[i]), all.map((i) => lane.finish[i]), moments));
    lane.batch = Math.max(1, ...together); // the most that one server holds at one time
    return lane;
  }) };
}

// The most intervals that overlap.
function most(from, to, moments) {
  const change = new Int32Array(moments + 2);
  from.forEach((k, i) => (change[Math.min(k, moments)]++, change[Math.min(to[i], moments + 1)]--));
  let now = 0;
  return change.reduce((best, step) => Math.max(best, (now += step)), 0);
}

// What a lane looks like after moment k, at time t.
function count(run, lane, k, t) {
  const found = { waiting: 0, serving: 0, left: lane.ends.map(() => 0), longest: 0 };
  for (let i = 0; i < run.arrive.length && run.arrive[i] <= k; i++) {
    if (lane.finish[i] <= k) found.left[lane.kind[i]]++;
    else if (lane.start[i] <= k) found.serving++;
    else found.waiting++;
    const until = lane.leave[i] <= k ? run.time[lane.leave[i]] : t;
    found.longest = Math.max(found.longest, until - run.time[run.arrive[i]]);
  }
  found.gone = found.left.reduce((a, b) => a + b, 0);
  return found;
}

// A part of the way goes by time and a part by moments: where little happens, the clock runs faster.
function makePace(time) {
  const span = time.at(-1) || 1;
  const place = time.map((t, k) => (0.4 * t) / span + (0.6 * (k + 1)) / time.length);
  place[place.length - 1] = 1;
  const moment = (p) => {
    let [low, high] = [0, place.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (place[middle] <= p) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const clock = (p) => {
    const k = moment(p);
    if (k < 0) return 0;
    if (k === time.length - 1) return time[k];
    return time[k] + ((p - place[k]) / (place[k + 1] - place[k])) * (time[k + 1] - time[k]);
  };
  return { place, moment, clock };
}

// `charts.units.duration`, for the page.
function makeDuration(spans) {
  return (seconds) => {
    if (seconds <= 0) return "0 s";
    const [size, unit] = spans.find(([each]) => seconds >= each * (1 - 1e-9)) ?? spans.at(-1);
    const number = seconds / size;
    return `${number < 999.5 ? Number(number.toPrecision(3)) : Math.round(number).toLocaleString("en")} ${unit}`;
  };
}

// A clock of a run: one unit, or two neighbours, and as many digits at any time.
function makeClock(span) {
  const pairs = [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]];
  const pair = pairs.find(([size]) => span >= 3 * size);
  if (pair) {
    const [size, unit, part, small] = pair;
    return (seconds) => {
      const whole = Math.floor(seconds / size + 1e-6);
      const rest = Math.max(0, Math.floor((seconds - whole * size) / part + 1e-4));
      return `${whole} ${unit} ${String(rest).padStart(2, "0")} ${small}`;
    };
  }
  const [size, unit] = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]].find(([each]) => span >= each) ?? [1e-6, "µs"];
  const digits = Math.min(3, Math.max(0, 3 - Math.floor(Math.log10(span / size || 1))));
  return (seconds) => `${(seconds / size).toFixed(digits)} ${unit}`;
}

// What happens in a lane at moment k, a line a request: the words of the event list.
function eventsAt(run, lane, k, said) {
  const found = [];
  for (let i = 0; i < run.arrive.length && run.arrive[i] <= k; i++) {
    const what = [];
    if (run.arrive[i] === k) what.push("comes");
    if (lane.start[i] === k && lane.server[i] >= 0) what.push("service begins");
    if (lane.finish[i] === k) what.push(said[lane.kind[i]]);
    if (what.length) found.push({ request: i, what: what.join(", ") });
  }
  return found;
}

// The largest cells that so many fit into a place of this size.
function cellFor(width, height, many, largest) {
  let cell = Math.min(largest, height, Math.sqrt((width * height) / Math.max(many, 1)));
  while (cell > 1 && Math.floor(width / cell) * Math.floor(height / cell) < many) cell *= 0.97;
  return cell < PLAIN ? Math.max(1, Math.floor(2 * cell) / 2) : cell;
}

function build(model, me) {
  const texts = model.get("texts");
  const button = (name, text) =>
    keepKeys(node("button", { type: "button" }, icon(ICONS[name], "0 0 12 12", "lr-icon"), node("span", { textContent: text })));
  const play = button("play", "Play");
  const next = button("next", "Next event");
  const scrub = keepKeys(node("input", { type: "range", min: 0, max: 1000, step: 1, value: 0, ariaLabel: "Moment of the run" }));
  const clock = node("span", { className: "lr-clock" });
  const speed = keepKeys(node("select", { id: `${me}-speed` }, ...SPEEDS.map((x) => node("option", { value: x, textContent: `${x} ×`, selected: x === 1 }))));
  const yours = keepKeys(node("input", { type: "number", id: `${me}-yours`, min: 1, max: texts.requests, value: texts.yours }));
  const lanes = (run) => run.lanes.map((lane) => {
    const parts = { waiting: node("b"), serving: node("b"), gone: node("b"), longest: node("b"), you: node("span") };
    const boxes = lane.servers > SEEN ? 1 : lane.servers;
    parts.boxes = Array.from({ length: boxes }, () => node("div", { className: "lr-box" }));
    parts.queue = node("div", { className: "lr-room" });
    parts.queue.style.setProperty("--lr-lines", lane.own ? lane.servers : 1);
    parts.left = texts.kinds.map(() => node("b"));
    parts.piles = texts.kinds.map(() => node("div", { className: "lr-pile" }));
    // Both lanes list the same ways to leave, so that they can be compared.
    const rows = texts.kinds.flatMap(([name, [colour, path]], kind) => {
      if (!run.lanes.some((one) => one.ends[kind])) return [];
      const mark = icon(path, "-1.2 -1.2 2.4 2.4", "lr-mark");
      mark.style.color = colour;
      return [node("div", { className: "lr-exit" }, mark, node("span", { className: "lr-name", textContent: name }), parts.left[kind], parts.piles[kind])];
    });
    const caption = (...words) => node("div", { className: "lr-caption" }, ...words);
    const servers = node("div", { className: `lr-boxes${lane.own ? " lr-own" : ""}` }, ...parts.boxes);
    parts.root = node("section", { className: "lr-lane", ariaLabel: lane.name },
      node("div", { className: "lr-head" }, node("span", { className: "lr-lane-name", textContent: lane.name }), node("span", { className: "lr-you" }, parts.you)),
      node("div", { className: "lr-floor" },
        node("div", { className: "lr-zone lr-queue" }, caption("waiting ", parts.waiting, node("span", { className: "lr-longest" }, "longest wait ", parts.longest)), parts.queue),
        node("div", { className: "lr-zone lr-servers" }, caption("in service ", parts.serving, lane.servers > SEEN ? ` of ${lane.servers.toLocaleString("en")}` : ""), servers),
        node("div", { className: "lr-zone lr-exits" }, caption("left ", parts.gone, ` of ${texts.requests.toLocaleString("en")}`), ...rows),
      ));
    return parts;
  });
  const canvas = node("canvas", { className: "lr-canvas", ariaHidden: "true" });
  const stage = node("div", { className: "lr-stage" }, canvas);
  const now = node("p", { className: "lr-now", role: "status" });
  const table = node("table", { ariaLabel: `${texts.title}: events` });
  const list = keepKeys(node("div", { className: "lr-table", role: "group", tabIndex: 0, ariaLabel: "Events" }, table));
  const shown = node("p");
  const details = node("details", {}, keepKeys(node("summary", { textContent: "List of events, and the replay in words" })),
    node("p", { textContent: `${texts.description} Where little happens, the clock runs faster.` }), shown, list);
  // English words, and a queue that grows to the left: a page written right to left would turn both round.
  const root = node("div", { className: "lr", role: "group", ariaLabel: texts.title, lang: "en", dir: "ltr" },
    node("div", { className: "lr-title", textContent: texts.title }),
    node("div", { className: "lr-bar" }, play, next, scrub, clock),
    stage,
    now,
    node("div", { className: "lr-bar" },
      node("label", { htmlFor: speed.id, textContent: "Speed" }), speed,
      node("label", { htmlFor: yours.id, textContent: "Your request" }), yours,
      node("span", { className: "lr-hint", textContent: `1 to ${texts.requests}, or click one` })),
    details);
  return { texts, root, play, next, scrub, clock, speed, yours, lanes, canvas, stage, now, table, shown, details };
}

export async function show(model, el) {
  const me = `lr-${Math.random().toString(36).slice(2)}`;
  const ui = build(model, me);
  const { texts, stage, canvas } = ui;
  const run = await unpack(model.get("run"), texts);
  const said = texts.kinds.map(([, [, , words]]) => words);
  const pace = makePace(run.time);
  const span = run.time.at(-1);
  const [duration, clock] = [makeDuration(texts.spans), makeClock(span)];
  const seconds = Math.min(60, Math.max(12, run.time.length * 0.15)); // of a play at speed 1
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const parts = ui.lanes(run);
  const spots = run.lanes.map(() => Array.from(run.arrive, () => null)); // where each is drawn now
  const draw = canvas.getContext("2d");
  let p = 0, k = -1, mine = texts.yours - 1;
  let playing = false, started = false, visible = false, alive = true, asked = 0, last = 0, rested = 0, told = 0, jump = true;
  let places, sprites, ink, spoken = -Infinity, speaking;

  stage.prepend(...parts.map((one) => one.root));
  el.append(ui.root);

  // ---- the picture

  // Where everything belongs: read from the page's own layout, whenever that changes.
  function measure() {
    const outer = stage.getBoundingClientRect();
    if (!outer.width) return;
    const scale = window.devicePixelRatio || 1;
    Object.assign(canvas, { width: Math.round(outer.width * scale), height: Math.round(outer.height * scale) });
    draw.setTransform(scale, 0, 0, scale, 0, 0);
    const box = (element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left: left - outer.left, top: top - outer.top, width, height, right: left - outer.left + width };
    };
    places = parts.map((one) => ({ queue: box(one.queue), boxes: one.boxes.map(box), piles: one.piles.map(box) }));
    // One size of cells for both lanes: a longer queue looks longer.
    const smallest = (sizes) => Math.min(...sizes);
    const inQueue = smallest(run.lanes.map((lane, j) => {
      const { width, height } = places[j].queue;
      return cellFor(width - GAP, lane.own ? height / lane.servers : height, lane.most, 18);
    }));
    const inPile = smallest(run.lanes.flatMap((lane, j) => lane.ends.map((many, kind) => {
      const { width, height } = places[j].piles[kind];
      return many && width ? cellFor(width, height, many, 14) : 14;
    })));
    places.forEach((place, j) => {
      const pool = run.lanes[j].servers > SEEN;
      const { width, height } = place.boxes[0];
      const inBox = cellFor(width - 6, height - 10, pool ? run.lanes[j].servers : run.lanes[j].batch, 22);
      Object.assign(place, { inQueue, inPile, inBox, pool });
    });
    paint();
    jump = true; // nobody walks because the page was laid out anew
    wake();
  }

  // Each shape drawn once, large, in the page's present colours.
  function paint() {
    ink = getComputedStyle(ui.root).color;
    const sprite = (path, colour) => {
      const made = new OffscreenCanvas(64, 64);
      const pen = made.getContext("2d");
      pen.setTransform(28, 0, 0, 28, 32, 32);
      made.colour = pen.fillStyle = colour === "currentColor" ? ink : colour;
      pen.fill(new Path2D(path));
      return made;
    };
    sprites = texts.kinds.map(([, [colour, path]]) => sprite(path, colour));
    sprites.waiting = sprite(texts.kinds[0][1][1], "#808080");
  }

  // Rows from the head of the queue, at the right, back and forth as a rope is laid.
  function inQueue(place, strip, of, rank) {
    const height = place.queue.height / of;
    const rows = Math.max(1, Math.floor(height / place.inQueue));
    const [column, row] = [Math.floor(rank / rows), rank % rows];
    const from = place.queue.top + strip * height + (height - rows * place.inQueue) / 2;
    return [place.queue.right - GAP - (column + 0.5) * place.inQueue, from + ((column % 2 ? rows - 1 - row : row) + 0.5) * place.inQueue, place.inQueue];
  }

  // Row by row, so many in all, in the middle of a box.
  function inGrid(box, cell, rank, all) {
    const rows = Math.max(1, Math.floor((box.height - 10) / cell));
    const columns = Math.min(Math.max(1, Math.floor((box.width - 6) / cell)), Math.ceil(Math.max(Math.sqrt(all), all / rows)));
    const [left, top] = [(box.width - columns * cell) / 2, (box.height - 5 - Math.ceil(all / columns) * cell) / 2];
    return [box.left + left + ((rank % columns) + 0.5) * cell, box.top + top + (Math.floor(rank / columns) + 0.5) * cell, cell];
  }

  function inPile(place, kind, rank) {
    const box = place.piles[kind];
    const rows = Math.max(1, Math.floor(box.height / place.inPile));
    const from = box.top + (box.height - rows * place.inPile) / 2;
    return [box.left + (Math.floor(rank / rows) + 0.5) * place.inPile, from + ((rank % rows) + 0.5) * place.inPile, place.inPile];
  }

  function inBox(place, lane, i, rank) {
    if (lane.server[i] < 0) return [place.boxes[0].left - 6, place.boxes[0].top, 8];
    if (place.pool) return inGrid(place.boxes[0], place.inBox, lane.server[i], lane.servers);
    return inGrid(place.boxes[lane.server[i]], place.inBox, rank, lane.batch);
  }

  // One frame; gives whether something is still on its way.
  function picture(elapsed) {
    const t = pace.clock(p);
    const ease = still.matches || jump ? 1 : 1 - Math.exp(-elapsed / EASE_MS);
    let moving = false;
    draw.clearRect(0, 0, canvas.width, canvas.height);
    run.lanes.forEach((lane, j) => {
      const place = places[j];
      const ranks = new Map();
      const next = (key) => (ranks.set(key, (ranks.get(key) ?? -1) + 1), ranks.get(key));
      for (let i = 0; i < run.arrive.length; i++) {
        if (run.arrive[i] > k) {
          spots[j][i] = null;
          continue;
        }
        const [waits, gone] = [lane.leave[i] > k, lane.finish[i] <= k];
        let aim;
        if (gone) aim = inPile(place, lane.kind[i], lane.pile[i]);
        else if (waits && lane.own) aim = inQueue(place, Math.max(0, lane.server[i]), lane.servers, next(lane.server[i]));
        else if (waits) aim = inQueue(place, 0, 1, next(-2));
        else aim = inBox(place, lane, i, next(`s${lane.server[i]}`));
        const spot = (spots[j][i] ??= still.matches || jump ? [...aim] : [place.queue.left - 8, aim[1], aim[2]]);
        for (let axis = 0; axis < 3; axis++) spot[axis] += (aim[axis] - spot[axis]) * ease;
        if (Math.abs(aim[0] - spot[0]) + Math.abs(aim[1] - spot[1]) > 0.4) moving = true;
        const sprite = waits ? sprites.waiting : sprites[lane.kind[i]];
        const size = spot[2] * 0.92;
        if (spot[2] < PLAIN) {
          draw.fillStyle = sprite.colour;
          draw.fillRect(Math.round(spot[0] - spot[2] / 2), Math.round(spot[1] - spot[2] / 2), Math.ceil(spot[2]), Math.ceil(spot[2]));
        } else draw.drawImage(sprite, spot[0] - size / 2, spot[1] - size / 2, size, size);
      }
      if (!place.pool) works(lane, place, t);
      if (spots[j][mine]) ring(spots[j][mine]);
    });
    jump = false;
    return moving;
  }

  // How far the service in each box is.
  function works(lane, place, t) {
    draw.fillStyle = ink;
    for (let i = 0; i < run.arrive.length && run.arrive[i] <= k; i++) {
      if (lane.start[i] > k || lane.finish[i] <= k || lane.server[i] < 0) continue;
      const { left, top, width, height } = place.boxes[lane.server[i]];
      const [from, to] = [run.time[lane.start[i]], run.time[lane.finish[i]] ?? Infinity];
      draw.fillRect(left + 3, top + height - 5, (width - 6) * Math.min(1, (t - from) / (to - from)), 2);
    }
  }

  function ring([x, y, size]) {
    const radius = Math.max(7, size * 0.62);
    draw.strokeStyle = ink;
    draw.lineWidth = 2.5;
    draw.beginPath();
    draw.arc(x, y, radius, 0, 2 * Math.PI);
    draw.stroke();
  }

  // ---- the words

  function tell() {
    const t = pace.clock(p);
    put(ui.clock, clock(t));
    if (document.activeElement !== ui.scrub || playing) ui.scrub.value = Math.round(1000 * p);
    ui.scrub.setAttribute("aria-valuetext", clock(t));
    ui.root.dataset.moment = k;
    run.lanes.forEach((lane, j) => {
      const found = count(run, lane, k, t);
      for (const name of ["waiting", "serving", "gone"]) put(parts[j][name], found[name].toLocaleString("en"));
      put(parts[j].longest, duration(found.longest));
      found.left.forEach((many, kind) => put(parts[j].left[kind], many.toLocaleString("en")));
      put(parts[j].you, stopwatch(lane, t));
    });
  }

  function stopwatch(lane, t) {
    const you = `Yours (${mine + 1})`;
    if (run.arrive[mine] > k) return `${you}: not here yet`;
    const came = run.time[run.arrive[mine]];
    if (lane.finish[mine] <= k) return `${you}: ${said[lane.kind[mine]]}, after ${duration(run.time[lane.finish[mine]] - came)}`;
    if (lane.leave[mine] <= k) return `${you}: in service, here for ${clock(t - came)}`;
    let ahead = 0;
    for (let i = 0; i < mine; i++)
      if (lane.leave[i] > k && (!lane.own || lane.server[i] === lane.server[mine])) ahead++;
    return `${you}: waiting for ${clock(t - came)}, ${ahead} ahead in line`;
  }

  // The sentence of the moment, for all who read or hear it: at most one in two seconds.
  function speak() {
    clearTimeout(speaking);
    const wait = spoken + SPEAK_MS - performance.now();
    if (wait > 0) {
      speaking = setTimeout(speak, wait);
      return;
    }
    const words = sentence();
    if (ui.now.textContent === words) return;
    put(ui.now, words);
    spoken = performance.now();
  }

  function sentence() {
    if (k < 0) return `Nobody is here yet; ${texts.requests.toLocaleString("en")} will come. Play the run, or step from event to event.`;
    const t = pace.clock(p);
    const lanes = run.lanes.map((lane) => {
      const { waiting, serving, gone } = count(run, lane, k, t);
      const [first, ...more] = playing ? [] : eventsAt(run, lane, k, said);
      const event = first ? `request ${first.request + 1} ${first.what}${more.length ? ` (and ${more.length} more)` : ""}; ` : "";
      return `${lane.name}: ${event}${waiting} waiting, ${serving} in service, ${gone} left.`;
    });
    return `${clock(t)}. ${lanes.join(" ")}`;
  }

  // The event list round the present moment; a list that nobody sees costs nothing.
  function list() {
    if (!ui.details.open || playing) return;
    const moments = run.time.length;
    const rows = [];
    let from = Math.max(0, k);
    const at = (m) => run.lanes.flatMap((lane) => eventsAt(run, lane, m, said).map((event) => ({ ...event, m, lane: lane.name })));
    let to = from;
    rows.push(...at(from));
    while (rows.length < ROWS && (from > 0 || to < moments - 1)) {
      if (to < moments - 1) rows.push(...at(++to));
      if (from > 0) rows.unshift(...at(--from));
    }
    const cells = (tag, ...words) => words.map((textContent) => node(tag, tag === "th" ? { scope: "col", textContent } : { textContent }));
    const body = rows.map(({ m, lane, request, what }) => {
      const row = node("tr", {}, ...cells("td", clock(run.time[m]), lane, String(request + 1), what));
      if (m === k) row.ariaCurrent = "true";
      return row;
    });
    put(ui.shown, from > 0 || to < moments - 1 ? `The events round the present moment, from ${clock(run.time[from])} to ${clock(run.time[to])}.` : "All events of the run.");
    ui.table.replaceChildren(node("thead", {}, node("tr", {}, ...cells("th", "time", "lane", "request", "what happens"))), node("tbody", {}, ...body));
    const here = body.find((row) => row.ariaCurrent);
    if (here) ui.table.parentElement.scrollTop = here.offsetTop - 120;
  }

  // ---- time

  function go(place) {
    p = place;
    k = pace.moment(p);
    tell();
    speak();
    list();
    wake();
  }

  function setPlaying(on) {
    playing = on;
    if (on && p >= 1) p = 0;
    last = rested = 0;
    ui.play.querySelector("path").setAttribute("d", ICONS[on ? "pause" : "play"]);
    put(ui.play.lastChild, on ? "Pause" : p >= 1 ? "Play again" : "Play");
    go(p);
  }

  function wake() {
    if (alive && visible && places && !asked) asked = requestAnimationFrame(frame);
  }

  function frame(now) {
    asked = 0;
    if (!alive || !visible) return;
    const elapsed = last ? Math.min(100, now - last) : 16;
    last = now;
    if (playing) {
      rested += elapsed;
      if (!still.matches || rested >= REST_MS) {
        p = Math.min(1, p + ((still.matches ? rested : elapsed) / 1000 / seconds) * Number(ui.speed.value));
        k = pace.moment(p);
        rested = 0;
        if (now - told > TELL_MS || p >= 1) {
          told = now;
          tell();
        }
        if (spoken + SPEAK_MS <= performance.now()) speak();
        if (p >= 1) setPlaying(false);
      }
    }
    const moving = picture(elapsed);
    if (playing || moving) wake();
    else last = 0;
  }

  function pick(request) {
    if (!(request >= 0 && request < texts.requests)) return;
    mine = request;
    ui.yours.value = request + 1;
    tell();
    wake();
  }

  ui.play.onclick = () => ((started = true), setPlaying(!playing));
  ui.next.onclick = () => {
    started = true;
    if (playing) setPlaying(false);
    go(k + 1 < run.time.length ? pace.place[k + 1] : 1);
  };
  ui.scrub.oninput = () => {
    const to = ui.scrub.value / 1000; // before the clock moves it
    started = true;
    if (playing) setPlaying(false);
    go(to);
  };
  ui.yours.oninput = () => pick(ui.yours.valueAsNumber - 1);
  ui.yours.onchange = () => (ui.yours.value = mine + 1);
  ui.details.ontoggle = list;
  stage.onclick = (event) => {
    const outer = stage.getBoundingClientRect();
    const [x, y] = [event.clientX - outer.left, event.clientY - outer.top];
    let best = 16, found = -1;
    spots.forEach((lane) => lane.forEach((spot, i) => {
      const away = spot ? Math.hypot(spot[0] - x, spot[1] - y) : Infinity;
      if (away < best) [best, found] = [away, i];
    }));
    pick(found);
  };

  const sizes = new ResizeObserver(measure);
  [stage, ...parts.flatMap((one) => [one.queue, ...one.boxes, ...one.piles])].forEach((part) => sizes.observe(part));
  const looks = new MutationObserver(() => setTimeout(() => alive && places && (paint(), wake()), 100));
  looks.observe(document.body, { attributes: true });
  const sight = new IntersectionObserver((seen) => {
    const { isIntersecting, intersectionRatio } = seen.at(-1);
    visible = isIntersecting;
    last = 0;
    if (intersectionRatio > 0.5 && !started && !still.matches) {
      started = true;
      setPlaying(true);
    }
    wake();
  }, { threshold: [0, 0.6] });
  sight.observe(stage);
  go(0);
  measure();
  return () => {
    alive = false;
    clearTimeout(speaking);
    cancelAnimationFrame(asked);
    [sizes, looks, sight].forEach((observer) => observer.disconnect());
  };
}
