// Shows and hides questions at once, counts along, saves by itself. All of it is comfort: the form works without, and
// the server alone judges. What this script looks for in a page stands in web/form/rules_for_page.py.

// Rules mean what schema/rules/evaluating.py says. Numbers are exact fractions {n, d}; null is "not known".
const size = (n) => (n < 0n ? -n : n);
const fraction = (n, d = 1n) => (size(n) > 10n ** 15n * d ? null : { n, d });

function exact(number) {
  const [, whole, part, power = 0] = /^(-?\d+)\.?(\d*)(?:e-(\d+))?$/.exec(number) ?? [];
  return whole ? fraction(BigInt(whole + part), 10n ** BigInt(part.length + +power)) : null;
}

// So many digits that the nearest binary number is the one that Python finds.
const binary = ({ n, d }) => Number(`${(n * 10n ** 400n) / d}e-400`);

function rounded({ n, d }, digits = fraction(0n)) {
  const places = digits.n / digits.d;
  if (digits.n % digits.d || places < 0n || places > 10n) return null;
  const units = (2n * size(n) * 10n ** places + d) / (2n * d);
  return fraction(n < 0n ? -units : units, 10n ** places);
}

function sum(...all) {
  const { n, d } = all.reduce((a, b) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d }));
  return fraction(n, d);
}

const SIGNS = { "==": [0], "!=": [-1, 1], "<": [-1], "<=": [-1, 0], ">": [1], ">=": [0, 1] };
const codePoints = (text) => Array.from(text, (mark) => mark.codePointAt(0) + 2e6).join();

function compared(operator, a, b) {
  if (a?.d && b?.d) [a, b] = [a.n * b.d, b.n * a.d];
  else if (typeof a !== typeof b || typeof a === "object") return null;
  else if (typeof a === "string") [a, b] = [codePoints(a), codePoints(b)];
  else if (!/[=!]=/.test(operator)) return null;
  return SIGNS[operator].includes((a > b) - (a < b));
}

const extreme = (sign) => (...all) => all.reduce((a, b) => (compared(sign, b, a) ? b : a));
const CALCULATIONS = {
  "+": sum,
  "-": (a, b) => (b ? sum(a, { n: -b.n, d: b.d }) : fraction(-a.n, a.d)),
  "*": (a, b) => fraction(a.n * b.n, a.d * b.d),
  "/": (a, b) => (b.n ? fraction((b.n < 0n ? -a.n : a.n) * b.d, a.d * size(b.n)) : null),
  sum,
  min: extreme("<"),
  max: extreme(">"),
  abs: ({ n, d }) => fraction(size(n), d),
  round: rounded,
};

// Kleene's logic: one part may decide; otherwise one that is unknown leaves it open.
const decided = (by, truths) => (truths.includes(by) ? by : truths.includes(null) ? null : !by);
const where = (found, then) => (found === null ? null : then(found));
const only = (all) => (all.length === 1 ? all[0] : null);

export function evaluate(tree, answers) {
  const known = (held) => (typeof held === "number" ? exact(held) : held?.missing ? null : (held ?? null));
  const truth = (tree) => [value(tree)].find((found) => typeof found === "boolean") ?? null;
  const isAsked = ([head, ...parts]) =>
    head === "answer" ? answers.get(parts[0])?.missing !== "not_asked" : head === "value" || parts.every(isAsked);
  const grouped = (parts) => parts.filter((tree) => tree[0] === "missing" || isAsked(tree));

  // A count with unknown conditions lies between two numbers; a comparison is decided where all of them agree.
  function possible(tree) {
    if (tree[0] !== "count") return [value(tree)];
    const truths = grouped(tree.slice(1)).map(truth);
    const counts = [truths.filter((each) => each).length];
    for (const each of truths) if (each === null) counts.push(counts.at(-1) + 1);
    return truths.length ? counts.map(exact) : [null];
  }

  function value(tree) {
    let [head, ...parts] = tree;
    if (head === "value") return known(parts[0]);
    if (head === "answer") return known(answers.get(parts[0]));
    if (head === "count") return only(possible(tree));
    if (/^(any|all|sum|min|max)$/.test(head)) parts = grouped(parts);
    if (!parts.length) return null;
    if (head in SIGNS) {
      const [left, right] = parts.map(possible);
      return only([...new Set(left.flatMap((a) => right.map((b) => compared(head, a, b))))]);
    }
    if (head in CALCULATIONS) {
      const numbers = parts.map(value);
      return numbers.every((each) => each?.d) ? CALCULATIONS[head](...numbers) : null;
    }
    return MEANINGS[head]?.(parts) ?? null;
  }

  const logic = (by) => (parts) => decided(by, parts.map(truth));
  const MEANINGS = {
    and: logic(false),
    all: logic(false),
    or: logic(true),
    any: logic(true),
    not: ([tree]) => where(truth(tree), (holds) => !holds),
    in: ([tree, [, ...members]]) =>
      where(value(tree), (sought) => decided(true, members.map((each) => compared("==", sought, value(each))))),
    if: ([condition, then, other]) => where(truth(condition), (holds) => value(holds ? then : other)),
    answered: ([tree]) => (value(tree) ?? "").length !== 0,
    missing: ([[, name], [, kind]]) => (answers.get(name) ?? { missing: "not_answered" }).missing === kind,
    selected: ([tree, ...codes]) =>
      where(value(tree), (chosen) => (Array.isArray(chosen) ? codes.some(([, code]) => chosen.includes(code)) : null)),
  };
  return value(tree);
}

// Routing, as schema/asking.py follows it. `open` names turns of repeats that are shown though nobody has begun them.
export function ask(page, given, open = []) {
  const all = new Map([...Object.entries(page.known), ...given]);
  const isUsed = ([turn, begun_by]) => open.includes(turn) || begun_by.some((name) => all.get(name) !== undefined);
  const unused = page.repeats.flatMap((turns) => turns.slice(0, turns.findIndex(isUsed)).map(([turn]) => turn));
  const answers = new Map(all);
  const asked = new Set();
  for (const { name } of page.fields) answers.delete(name);
  for (const { name, ask_if, value } of page.fields) {
    const isAsked = !unused.some((turn) => name.startsWith(`${turn}_`)) && (!ask_if || evaluate(ask_if, answers) === true);
    if (isAsked) asked.add(name);
    const held = !isAsked ? { missing: "not_asked" } : value ? evaluate(value, answers) : all.get(name);
    if (held != null) answers.set(name, held.d ? binary(held) : held);
  }
  return { asked, answers };
}

// What was typed, as far as routing needs it; undefined where there is doubt.
export function read({ kind, decimals }, texts, written) {
  const [text = ""] = texts;
  if (kind === "multiple") return texts.length ? texts : undefined;
  if (text.startsWith("missing:")) return { missing: text.slice(8) };
  if (!(kind in written)) return text || undefined;
  const [pattern, group, comma] = written[kind].find(([pattern]) => RegExp(`^(?:${pattern})$`).test(text)) ?? [];
  if (!pattern) return undefined;
  if (group === "backwards") return text.split(/\D+/).reverse().map((part) => part.padStart(2, 0)).join("-");
  if (decimals === undefined) return text;
  const number = text.replaceAll(" ", "").replaceAll(group, "").replace(comma, ".");
  return (number.split(".")[1] ?? "").length > decimals ? undefined : Number(number);
}

function start(form) {
  const page = JSON.parse(form.dataset.rules);
  const controls = [...form.elements];
  const isChosen = (control) => /radio|checkbox/.test(control.type);
  const isGiven = (control) => (isChosen(control) ? control.checked : control.value.trim());
  const named = (name) => controls.filter((control) => control.name === name);

  function answer(field) {
    const [own, missing, same] = ["", "__missing", "__as_shown"].map((end) => named(field.name + end));
    if (!own.length) return page.known[field.name];
    const figure = same.find((control) => control.checked)?.dataset.figure;
    if (figure) return +figure;
    const kind = missing.find(isGiven)?.value;
    return kind ? { missing: kind } : read(field, own.filter(isGiven).map((control) => control.value.trim()), page.written);
  }

  function show() {
    const given = page.fields.map((field) => [field.name, answer(field)]);
    const { asked, answers } = ask(page, given, form.dataset.open?.split(" "));
    for (const part of form.querySelectorAll("[data-shows]")) {
      part.hidden = !part.dataset.shows.split(" ").some((name) => asked.has(name));
    }
    for (const control of controls) {
      const part = control.closest("[data-shows]");
      if (part) control.disabled = part.hidden;
    }
    for (const [name, tree] of page.outputs) {
      const output = form.querySelector(`[data-value=${name}]`);
      const found = evaluate(tree, answers);
      const shown = found?.d && binary(found).toLocaleString(page.language);
      if (output) output.value = shown?.replace("-", "−") ?? output.dataset.none;
    }
  }

  // A value and a kind of missing exclude one another: what was given last counts.
  form.addEventListener("input", ({ target }) => {
    const field = target.name.replace(/__missing$/, "");
    const others = isGiven(target) ? named(field === target.name ? `${field}__missing` : field) : [];
    for (const other of others) isChosen(other) ? (other.checked = false) : (other.value = "");
    show();
  });
  show();
  saveAlone(form);
}

function saveAlone(form) {
  const content = () => {
    const data = new URLSearchParams(new FormData(form));
    data.delete("base_version");
    return `${data}&action=save`;
  };
  let saved = content(); // as the server has it
  let sending; // what is on its way
  let running; // the save under way
  let failures = 0; // since one went well; infinite after a conflict, which only the person can solve
  let sent;
  let timer;

  function say(state, slots = {}) {
    const text = document.querySelector(`[data-says=${state}]`).content.cloneNode(true);
    for (const slot of text.querySelectorAll("[data-slot]")) slot.textContent = slots[slot.dataset.slot];
    const status = document.querySelector("[data-status]");
    if (text.textContent !== status.textContent) status.replaceChildren(text);
  }

  async function post() {
    let state = "failed";
    sending = content();
    try {
      const reply = await fetch(location.href, {
        method: "POST",
        body: new URLSearchParams(`${sending}&base_version=${form.base_version.value}`),
        headers: { "X-Autosave": "1" },
        keepalive: sending.length < 6e4, // outlives the page; browsers refuse it for more
        signal: AbortSignal.timeout(2e4),
      });
      state = { 401: "signed_out", 409: "conflict" }[reply.status] ?? state;
      if (reply.ok) {
        const { version, at, problems, others } = await reply.json();
        form.base_version.value = version;
        saved = sending;
        failures = 0;
        say(problems.length ? "partly" : "saved", { at, others, labels: problems.map(({ label }) => label).join(", ") });
        return;
      }
    } catch {} // no connection, or no answer of ours
    say(state);
    failures += state === "conflict" ? Infinity : 1;
  }

  function save() {
    if (running || sent || failures === Infinity || content() === saved) return;
    running = post().finally(() => {
      running = undefined;
      later(1000 * Math.min(2 ** failures, 60));
    });
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  form.addEventListener("input", () => later(1500));
  form.addEventListener("change", () => later(200));
  addEventListener("visibilitychange", save);
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  addEventListener("beforeunload", (event) => {
    save();
    const kept = running && !failures ? sending : saved;
    if (!sent && content() !== kept) event.preventDefault();
  });

  // A submission waits for the save under way, so that nobody conflicts with themself; of two clicks one counts.
  form.addEventListener("submit", (event) => {
    if (running || sent) event.preventDefault();
    if (sent) return;
    sent = true;
    const free = () => (sent = false);
    if (running) running.then(free).then(() => form.requestSubmit(event.submitter));
    else setTimeout(free, 3000);
  });
}

globalThis.document?.querySelectorAll("form[data-rules]").forEach(start);
