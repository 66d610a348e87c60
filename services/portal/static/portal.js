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

  /* What is typed is kept in this browser until it has been sent: `data-keep` names the form. It is kept for who
     typed it: what somebody else had typed here before is neither shown nor kept any longer. */
  const mine = document.body.dataset.person ? `form:${document.body.dataset.person}:` : null;
  if (mine) { try { Object.keys(localStorage).filter((one) => one.startsWith("form:") && !one.startsWith(mine)).forEach(forget); } catch { /* nothing was kept */ } }
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "file", "password", "submit"].includes(one.type));
  document.querySelectorAll("form[data-keep]").forEach((form) => {
    if (!mine) return;
    const name = mine + form.dataset.keep;
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
    } else if (before && form.querySelector("[data-unsent]")) {
      /* It was changed elsewhere since: what was typed here is shown beside it, and nothing is put over anything. */
      const unsent = form.querySelector("[data-unsent]");
      fields(form).forEach((one) => {
        const value = before.values[one.name];
        if (one.tagName !== "TEXTAREA" || !value || value.trim() === one.value.trim()) return;
        const text = document.createElement("pre");
        text.textContent = value;
        unsent.append(text);
        unsent.hidden = false;
      });
    }
    const store = () => keep(name, JSON.stringify({
      version: form.elements.version?.value ?? "",
      values: Object.fromEntries(fields(form).map((one) => ["radio", "checkbox"].includes(one.type) ? [`${one.name}=${one.value}`, one.checked] : [one.name, one.value])),
    }));
    form.addEventListener("input", store);
    form.addEventListener("submit", store);
    form.addEventListener("kept", store);
  });
  /* The page after a form was taken says which one: then it need not be kept any more. */
  document.querySelectorAll("[data-sent]").forEach((one) => { if (mine) forget(mine + one.dataset.sent); });

  /* A form that saves itself. What did not get through is said, and sent again when the line is back; whoever sends
     the form meanwhile waits for what is on its way. */
  document.querySelectorAll("[data-autosave]").forEach((told) => {
    const form = told.closest("form");
    let busy = false, lost = false, waiting = null;
    const failed = () => { lost = true; told.textContent = told.dataset.failed; told.classList.add("bad"); };
    told.addEventListener("htmx:beforeRequest", () => { busy = true; });
    told.addEventListener("htmx:beforeSwap", () => { lost = false; told.classList.remove("bad"); });
    ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach((name) => told.addEventListener(name, failed));
    told.addEventListener("htmx:afterRequest", () => setTimeout(() => {
      busy = false;
      if (!lost) form.dispatchEvent(new Event("kept"));
      if (waiting) { const button = waiting; waiting = null; form.requestSubmit(button); }
    }, 60));
    form.addEventListener("submit", (event) => {
      if (!busy) return;
      event.preventDefault(); event.stopPropagation();
      waiting = event.submitter || form.querySelector("button");
    });
    addEventListener("online", () => { if (lost) form.dispatchEvent(new Event("input", { bubbles: true })); });
  });

  /* Files go one by one, each with its progress, and again when the line is back. */
  document.querySelectorAll("form[data-upload]").forEach((form) => {
    const list = form.querySelector("[data-uploads]"), chosen = form.querySelector("input[type=file]");
    const send = (file, line) => new Promise((done) => {
      const data = new FormData(form), bar = line.querySelector("progress"), said = line.querySelector("span");
      data.delete("file"); data.append("file", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-One-File", "1");
      request.upload.onprogress = (event) => { if (event.lengthComputable) { bar.max = event.total; bar.value = event.loaded; said.textContent = `${Math.floor(100 * event.loaded / event.total)} %`; } };
      request.onerror = () => {
        said.textContent = list.dataset.failed;
        const again = () => send(file, line).then(done);
        if (navigator.onLine) setTimeout(again, 3000); else addEventListener("online", again, { once: true });
      };
      request.onload = () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { location.reload(); return; }
        bar.remove();
        said.textContent = answer.said || list.dataset.kept;
        if (answer.said) line.classList.add("fault");
        done(!answer.said);
      };
      request.send(data);
    });
    form.addEventListener("submit", async (event) => {
      if (!chosen.files.length || !list) return;
      event.preventDefault(); event.stopPropagation();
      const lines = [...chosen.files].map((file) => {
        const line = document.createElement("li"), bar = document.createElement("progress"), said = document.createElement("span");
        bar.value = 0; bar.setAttribute("aria-label", file.name); said.textContent = list.dataset.waiting;
        line.append(`${file.name}: `, said, bar); list.append(line);
        return [file, line];
      });
      chosen.value = "";
      let all = true;
      for (const [file, line] of lines) all = (await send(file, line)) && all;
      if (all) location.reload();
    });
  });

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

  /* What has to be moved sideways or down can be reached by keys. */
  const reach = (one) => {
    const moves = one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight;
    if (moves) one.tabIndex = 0; else one.removeAttribute("tabindex");
  };
  const sizes = new ResizeObserver((changed) => changed.forEach(({ target }) => reach(target.closest(".wide, .stay"))));
  document.querySelectorAll(".wide, .stay").forEach((one) => { sizes.observe(one); [...one.children].forEach((inner) => sizes.observe(inner)); });

  /* The line is gone, or back. */
  const line = document.querySelector("[data-line]");
  const tell = () => { if (line) line.hidden = navigator.onLine; };
  addEventListener("online", tell); addEventListener("offline", tell); tell();

  document.getElementById("faults")?.focus();
})();
