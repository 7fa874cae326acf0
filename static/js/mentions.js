/* Offers names while somebody types @ and the beginning of a name: buttons below the text, reached with Tab or the
   arrow down. Without this file a name that is typed in full works as well. */

// Behind a letter it is an address; names have no line break.
const CALL = /(?<![A-Za-z0-9._%+/-])[@＠]([^\s@＠、。！？!?]{0,30})$/u;
const PAUSE = 200;

for (const composer of document.querySelectorAll("[data-mentions]")) offer(composer);

function offer(composer) {
  const text = composer.querySelector("textarea");
  if (!text) return;
  const list = document.createElement("div");
  list.className = "suggestions";
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", composer.dataset.mentionsTitle);
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  composer.append(list, status);
  let timer = 0;
  let asked = 0;

  const close = () => {
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
  };

  const called = () => CALL.exec(text.value.slice(0, text.selectionStart));

  const choose = (name) => {
    const call = called();
    close();
    text.focus();
    if (!call) return;
    text.setRangeText(`@${name} `, text.selectionStart - call[0].length, text.selectionStart, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const show = (names) => {
    const title = document.createElement("span");
    title.className = "support";
    title.textContent = composer.dataset.mentionsTitle;
    list.replaceChildren(title, ...names.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--small";
      button.textContent = name;
      button.addEventListener("click", () => choose(name));
      return button;
    }));
    list.hidden = names.length === 0;
    status.textContent = names.length ? `${composer.dataset.mentionsTitle} ${names.join("、")}` : "";
  };

  const ask = async () => {
    const call = called();
    if (!call) return close();
    const number = (asked += 1);
    try {
      const answer = await fetch(`${composer.dataset.mentions}?q=${encodeURIComponent(call[1])}`, {
        headers: { Accept: "application/json" },
      });
      // Only the newest question counts, and only while it is still asked.
      if (answer.ok && number === asked && called()) show((await answer.json()).names);
    } catch {
      // No line: the name can be typed in full.
    }
  };

  text.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  text.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  text.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown") {
      event.preventDefault();
      list.querySelector("button").focus();
    }
    if (event.key === "Escape") close();
  });
  list.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const place = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step && place >= 0) {
      event.preventDefault();
      if (place + step < 0) text.focus();
      else buttons[Math.min(place + step, buttons.length - 1)].focus();
    }
    if (event.key === "Escape") {
      close();
      text.focus();
    }
  });
}
