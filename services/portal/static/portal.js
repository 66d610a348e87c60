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

  /* Where a menu is wider than the telephone: what is open stands in its middle. */
  document.querySelectorAll(".menu [aria-current], .tabs [aria-current]").forEach((open) => {
    const row = open.closest("ul, .tabs");
    row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  });

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

  /* Files go in pieces, each file with its progress. After a lost line, or when the same file is chosen again on this
     page opened anew, it goes on from what was received: the browser remembers which upload it is. */
  document.querySelectorAll("form[data-upload]").forEach((form) => {
    const list = form.querySelector("[data-uploads]"), chosen = form.querySelector("input[type=file]");
    const piece = 131072, own = `upload:${form.dataset.upload}:`;
    const nameOf = (file) => `${own}${file.size}:${file.lastModified}:${file.name}`;
    const pause = (time) => new Promise((done) => setTimeout(done, time));
    const back = () => navigator.onLine ? pause(3000) : new Promise((done) => addEventListener("online", done, { once: true }));
    /* What was answered, or null where the line broke. */
    const ask = (fields, sent) => new Promise((done) => {
      const data = new FormData(form), request = new XMLHttpRequest();
      data.delete("file");
      Object.entries(fields).forEach(([name, value]) => data.set(name, value));
      request.open("POST", form.dataset.upload);
      request.setRequestHeader("HX-Request", "true");
      request.timeout = 180000;
      if (sent) request.upload.onprogress = (event) => sent(event.loaded);
      request.onerror = request.ontimeout = () => done(null);
      request.onload = () => {
        if (request.status === 204) { location.assign(`/sign-in?back=${location.pathname}`); return; }
        try { done(JSON.parse(request.responseText)); } catch { if (request.status < 500) location.reload(); else done(null); }
      };
      request.send(data);
    });
    const begun = {};
    const lineOf = (name, text) => {
      const line = begun[name] || document.createElement("li"), said = document.createElement("span");
      line.replaceChildren(`${name.slice(own.length).split(":").slice(2).join(":")}: `, said);
      said.textContent = text;
      line.className = "";
      list.append(line);
      return begun[name] = line;
    };
    const send = async (file, line) => {
      const name = nameOf(file), said = line.querySelector("span"), bar = document.createElement("progress");
      bar.max = file.size || 1; bar.value = 0; bar.setAttribute("aria-label", file.name);
      line.append(bar);
      /* The bar speaks for itself: whoever listens is told of beginning, trouble and end. */
      const tell = (bytes) => { bar.value = bytes; said.ariaHidden = "true"; said.textContent = `${Math.min(100, Math.floor(100 * bytes / bar.max))} %`; };
      const say = (text) => { said.ariaHidden = null; said.textContent = text; };
      const end = (text, bad) => { forget(name); bar.remove(); say(text); line.classList.toggle("fault", bad); return !bad; };
      let upload = kept(name) || "", at = null, key = crypto.randomUUID();
      for (;;) {
        const fields = { key, upload, filename: file.name, size: file.size }, from = at;
        if (upload && at !== null) {
          try { fields.piece = new Blob([await file.slice(at, at + piece).arrayBuffer()]); } catch { return end(list.dataset.unread, true); }
          fields.at = at;
        }
        const answer = await ask(fields, fields.piece && ((bytes) => tell(Math.min(from + piece, from + bytes, file.size))));
        if (!answer) { at = null; say(list.dataset.failed); await back(); }
        else if (answer.gone) { forget(name); upload = ""; at = null; key = crypto.randomUUID(); }
        else if (answer.done) return end(list.dataset.kept, false);
        else if (!answer.upload) {
          if (upload) await ask({ upload, drop: 1 });
          return end(answer.said || list.dataset.unread, true);
        } else {
          upload = answer.upload; at = answer.at;
          keep(name, upload); tell(at);
          if (answer.wait) await pause(1000);
        }
      }
    };
    form.addEventListener("submit", async (event) => {
      if (!chosen.files.length || !list) return;
      event.preventDefault(); event.stopPropagation();
      const lines = [...chosen.files].map((file) => [file, lineOf(nameOf(file), list.dataset.waiting)]);
      chosen.value = "";
      let all = true;
      for (const [file, line] of lines) all = (await send(file, line)) && all;
      if (all) location.reload();
    });
    const remembered = () => { try { return Object.keys(localStorage); } catch { return []; } };
    remembered().filter((name) => name.startsWith(own)).forEach(async (name) => {
      const answer = await ask({ upload: kept(name) });
      if (!answer || begun[name]) return;
      if (answer.gone || answer.done) forget(name);
      if (answer.done) location.reload();
      if (answer.upload && !answer.done) lineOf(name, `${Math.floor(100 * answer.at / name.split(":")[2])} % – ${list.dataset.begun}`);
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
