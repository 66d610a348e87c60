/* What makes the pages easier where script runs. Every page works without it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ } };
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const forget = (name) => { try { localStorage.removeItem(name); } catch { /* nothing was kept */ } };

  /* Night, size of letters, reading aloud, print. */
  const night = kept("night");
  if (night) root.dataset.night = night;
  const letters = Number(kept("letters") || 0);
  if (letters) root.dataset.letters = String(letters);
  const isNight = () => root.dataset.night === "on" || (root.dataset.night !== "off" && matchMedia("(prefers-color-scheme: dark)").matches);
  const bar = document.querySelector("[data-reader]");
  if (bar) {
    bar.hidden = false;
    const nightButton = bar.querySelector("[data-night]");
    nightButton.setAttribute("aria-pressed", String(isNight()));
    nightButton.addEventListener("click", () => {
      root.dataset.night = isNight() ? "off" : "on";
      keep("night", root.dataset.night);
      nightButton.setAttribute("aria-pressed", String(isNight()));
    });
    bar.querySelectorAll("[data-letters]").forEach((button) => button.addEventListener("click", () => {
      const wanted = Math.max(-1, Math.min(3, Number(root.dataset.letters || 0) + Number(button.dataset.letters)));
      root.dataset.letters = String(wanted);
      keep("letters", String(wanted));
    }));
    bar.querySelector("[data-print]").addEventListener("click", () => print());
    const reader = bar.querySelector("[data-read]");
    if (!("speechSynthesis" in window)) reader.remove();
    else reader.addEventListener("click", () => {
      if (speechSynthesis.speaking) { speechSynthesis.cancel(); reader.setAttribute("aria-pressed", "false"); return; }
      const said = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
      said.lang = root.lang === "vi" ? "vi-VN" : "en-GB";
      const voice = speechSynthesis.getVoices().find((one) => one.lang.startsWith(root.lang));
      if (voice) said.voice = voice;
      said.onend = () => reader.setAttribute("aria-pressed", "false");
      reader.setAttribute("aria-pressed", "true");
      speechSynthesis.speak(said);
    });
  }

  /* What is typed is kept in this browser until it has been sent: `data-keep` names the form. */
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "file", "password", "submit"].includes(one.type));
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    const name = `form:${form.dataset.keep}`;
    const before = JSON.parse(kept(name) || "null");
    if (before && before.version === (form.elements.version?.value ?? "")) {
      let differs = false;
      fields(form).forEach((one) => {
        const value = before.values[one.name + (["radio", "checkbox"].includes(one.type) ? `=${one.value}` : "")];
        if (value === undefined) return;
        if (["radio", "checkbox"].includes(one.type)) { differs ||= one.checked !== value; one.checked = value; }
        else { differs ||= one.value !== value; one.value = value; }
      });
      const note = form.querySelector("[data-restored]");
      if (differs && note) note.hidden = false;
    }
    const store = () => keep(name, JSON.stringify({
      version: form.elements.version?.value ?? "",
      values: Object.fromEntries(fields(form).map((one) => ["radio", "checkbox"].includes(one.type) ? [`${one.name}=${one.value}`, one.checked] : [one.name, one.value])),
    }));
    form.addEventListener("input", store);
    form.addEventListener("submit", store);
  });
  /* The page after a form was taken says which one: then it need not be kept any more. */
  document.querySelectorAll("[data-sent]").forEach((one) => forget(`form:${one.dataset.sent}`));

  /* A form is sent once: a second click waits for the first. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sending) { event.preventDefault(); return; }
    if (form.method === "post" && !form.hasAttribute("hx-post")) {
      form.dataset.sending = "1";
      form.querySelectorAll("button").forEach((one) => one.setAttribute("aria-busy", "true"));
      setTimeout(() => { delete form.dataset.sending; }, 8000);
    }
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach((form) => { delete form.dataset.sending; }));

  /* The line is gone, or back. */
  const line = document.querySelector("[data-line]");
  const tell = () => { if (line) line.hidden = navigator.onLine; };
  addEventListener("online", tell); addEventListener("offline", tell); tell();

  document.getElementById("faults")?.focus();
})();
