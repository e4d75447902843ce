// The quiz in the browser: draws the questions with native controls, sends what was answered, and
// shows what the kernel says about it. It knows no right answer.

// A kernel that lives says within milliseconds that it has heard; one that is busy, stopped or
// restarted says nothing.
const PATIENCE_MS = 2500;
const SILENCE =
  "No answer from Python. Your kernel is busy, stopped or restarted: wait for it, or choose " +
  "Run > Run All Cells. What you answered before is kept.";

// JupyterLab looks for this mark on the control that has the focus, and only there. Without it,
// `b` adds a cell and `d d` deletes one while a radio button has the focus.
const NO_SHORTCUTS = { "data-lm-suppress-shortcuts": "true" };

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Words in backticks become code; everything else stays text.
function rich(text) {
  return text
    .split("`")
    .map((part, i) => (i % 2 ? node("code", {}, part) : document.createTextNode(part)));
}

function choices(question) {
  const type = question.several ? "checkbox" : "radio";
  const inputs = question.options.map(({ key }) =>
    node("input", { type, name: "answer", value: key, ...NO_SHORTCUTS })
  );
  const rows = question.options.map(({ text }, i) =>
    node("label", { class: "lq-option" }, inputs[i], node("span", {}, ...rich(text)))
  );
  const hint = question.several ? [node("p", { class: "lq-hint" }, "Choose all that apply.")] : [];
  return {
    nodes: [...hint, ...rows],
    read: () => inputs.filter((input) => input.checked).map((input) => input.value),
    write: (keys) => inputs.forEach((input) => (input.checked = keys.includes(input.value))),
  };
}

function typed(question) {
  const input = node("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    ...NO_SHORTCUTS,
  });
  const typed = node("span", { class: "lq-typed" }, input, node("span", {}, question.unit));
  const parts = [node("span", {}, "Your answer"), typed];
  return {
    nodes: [node("label", { class: "lq-number" }, ...parts)],
    read: () => input.value,
    write: (text) => (input.value = text),
  };
}

function card(question, place, send) {
  const control = question.options.length ? choices(question) : typed(question);
  const button = node("button", { type: "submit", class: "lq-button", ...NO_SHORTCUTS });
  button.append(question.kind === "predict" ? "Commit" : "Check");
  const status = node("div", { role: "status", class: "lq-status" });
  const ask = node("legend", {}, node("span", { class: "lq-place" }, place), ...rich(question.ask));
  const form = node("form", { class: "lq-card", novalidate: "" });
  form.append(node("fieldset", {}, ask, ...control.nodes, button), status);
  let turn = 0;
  let timer = 0;
  let committed = null;

  function say(verdict, headline, notes = []) {
    status.dataset.verdict = verdict;
    status.replaceChildren(node("p", { class: "lq-headline" }, ...rich(headline)));
    for (const [about, why] of notes) {
      const chosen = node("span", { class: "lq-about" }, ...rich(about));
      status.append(node("p", {}, chosen, " ", ...rich(why)));
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    turn += 1;
    say("waiting", "Checking.");
    clearTimeout(timer);
    timer = setTimeout(() => say("silent", SILENCE), PATIENCE_MS);
    try {
      send({ type: "take", id: question.id, turn, given: control.read() });
    } catch {
      clearTimeout(timer);
      say("silent", SILENCE);
    }
  });

  // Feedback belongs to the answer that was given; a prediction that stays is put back.
  form.addEventListener("input", () => {
    if (committed !== null) control.write(committed);
    else status.replaceChildren();
  });

  return {
    form,
    receive(message) {
      if (!message.restored && message.turn !== undefined && message.turn !== turn) return;
      if (message.restored && turn > 0) return;
      clearTimeout(timer);
      if (message.type === "heard") return;
      // Until the run is shown, another guess may take the place of this one.
      if (message.verdict === "committed") committed = message.stays ? message.given : null;
      if (message.given != null && (message.restored || committed !== null))
        control.write(message.given);
      say(message.verdict, message.headline, message.notes);
    },
    close: () => clearTimeout(timer),
  };
}

function render({ model, el }) {
  // The same questions may stand on a page more than once: each view has its own answers.
  const me = `lq-${Math.random().toString(36).slice(2)}`;
  const questions = model.get("questions");
  // The course is in English, also on a page that runs from right to left.
  const way = { lang: "en", dir: "ltr" };
  const root = node("div", { class: "lq", role: "group", "aria-label": model.get("label"), ...way });
  const cards = new Map();
  questions.forEach((question, i) => {
    const place = questions.length > 1 ? `Question ${i + 1} of ${questions.length}` : "";
    const made = card(question, place, (message) => model.send({ ...message, me }));
    cards.set(question.id, made);
    root.append(made.form);
  });
  for (const type of ["keydown", "keypress", "keyup"])
    root.addEventListener(type, (event) => event.stopPropagation());
  el.append(root);

  const receive = (message) => {
    if (!message.to || message.to === me) cards.get(message.id)?.receive(message);
  };
  model.on("msg:custom", receive);
  model.send({ type: "hello", me });
  return () => {
    model.off("msg:custom", receive);
    cards.forEach((made) => made.close());
  };
}

export default { render };
