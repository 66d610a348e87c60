/* Score sheets with a thumb or a keyboard: steps and bands set the mark, the total is counted as it is typed. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const say = (number) => String(Math.round(number * 10000) / 10000).replace(".", document.documentElement.lang === "vi" ? "," : ".");
  const read = (input) => (input.value.trim() === "" ? NaN : Number(input.value.trim().replace(",", ".")));
  const marks = [...form.querySelectorAll("[data-mark]")];
  const inputOf = (mark) => mark.querySelector("input[inputmode=decimal]");
  const sum = form.querySelector("[data-sum]");
  const count = () => {
    const known = marks.map((mark) => read(inputOf(mark))).filter((one) => !Number.isNaN(one));
    sum.hidden = false;
    sum.querySelector("[data-total]").textContent = known.length ? say(known.reduce((a, b) => a + b, 0)) : "–";
    marks.forEach((mark) => {
      const now = read(inputOf(mark));
      mark.querySelectorAll("[data-band]").forEach((band) => band.setAttribute("aria-pressed", String(now >= Number(band.dataset.lowest) && now <= Number(band.dataset.highest))));
    });
  };
  const set = (mark, value) => {
    const step = Number(mark.dataset.step), most = Number(mark.dataset.most);
    const within = Math.max(0, Math.min(most, Math.round(value / step) * step));
    inputOf(mark).value = say(within);
    inputOf(mark).dispatchEvent(new Event("input", { bubbles: true }));
  };
  marks.forEach((mark) => {
    const step = Number(mark.dataset.step), input = inputOf(mark);
    const by = (steps) => set(mark, (read(input) || 0) + steps * step);
    const less = mark.querySelector("[data-less]"), more = mark.querySelector("[data-more]");
    less.hidden = more.hidden = false;
    less.addEventListener("click", () => by(-1));
    more.addEventListener("click", () => by(1));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      by(event.key === "ArrowUp" ? 1 : -1);
    });
    mark.querySelectorAll("[data-band]").forEach((band) => {
      band.disabled = false;
      band.addEventListener("click", () => set(mark, Number(band.dataset.highest)));
    });
  });
  form.addEventListener("input", count);
  count();

  /* What could not be saved by itself says so, and is tried again: soon, and when the line is back. */
  const saver = form.querySelector("[data-autosave]"), unsaved = form.querySelector("[data-unsaved]");
  let waits = 0, busy = false;
  /* Saving by itself and saving by hand never overlap: the second of them would find a newer version. */
  saver.addEventListener("htmx:beforeRequest", (event) => { if (form.dataset.sending) event.preventDefault(); else busy = true; });
  saver.addEventListener("htmx:afterRequest", () => { busy = false; });
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopPropagation();
    saver.addEventListener("htmx:afterRequest", () => setTimeout(() => form.requestSubmit(event.submitter)), { once: true });
  });
  const lost = () => {
    unsaved.hidden = false;
    clearTimeout(waits);
    waits = setTimeout(() => window.htmx && htmx.trigger(saver, "again"), 10000);
  };
  saver.addEventListener("htmx:sendError", lost);
  saver.addEventListener("htmx:responseError", lost);
  saver.addEventListener("htmx:timeout", lost);
  saver.addEventListener("htmx:afterOnLoad", () => { clearTimeout(waits); unsaved.hidden = true; });
})();
