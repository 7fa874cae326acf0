/* The discussion on an open page: what others do appears without loading the page again.

   What somebody types or reads stays where it is and keeps focus: new posts wait behind a button unless the reader has
   just read the last one, and whatever changes above is made up for by scrolling. All words come from the page
   (templates/issues/talk_live.html), because everybody is sent the same: docs/live-protocol.md. */

import { follow } from "./live.js";
import { keepDraft, send } from "./talk-form.js";

const BACK_FOR = 5000;

class Talk {
  constructor(section) {
    this.section = section;
    this.list = section.querySelector(".posts");
    this.offer = section.querySelector("[data-offer]");
    this.form = section.querySelector("form[data-say]");
    this.language = section.dataset.language;
    this.reader = section.dataset.reader;
    this.waiting = new Map(); // posts that are not shown yet, by number
    this.putOff = new Map(); // changes to what the reader is just busy with, by element
    this.acts = new WeakMap(); // the buttons of a post while it is hidden
    this.own = new Set(); // numbers of what was sent from this page
    this.read = 0; // the last post that came while the page was open and was put on it
    this.wasLost = false;
  }

  begin() {
    // The page is kept still by us; two of that kind would push it twice.
    document.documentElement.style.overflowAnchor = "none";
    this.offer.addEventListener("click", () => this.accept());
    document.addEventListener("focusout", () => setTimeout(() => this.catchUp()));
    document.addEventListener("selectionchange", () => this.catchUp());
    // The address is that of this page: following the link would only scroll.
    this.section.querySelector("[data-reload]").addEventListener("click", () => location.reload());
    // Once, on leaving: a thousand readers must not answer every post at once.
    document.addEventListener("visibilitychange", () => document.hidden && this.remember());
    this.section.addEventListener("submit", (event) => this.submit(event));
    if (this.form) keepDraft(this.form, this.reader);
    follow(
      this.section,
      (event) => this.keepingStill(() => this.take(event)),
      (readers) => this.keepingStill(() => this.count(readers)),
      (state, why) => this.keepingStill(() => this.say(state, why)),
    );
  }

  // --- what happens elsewhere -----------------------------------------------------------------------

  take(event) {
    if (event.posts) this.part(this.section, "posts").textContent = this.spoken(event.posts);
    if (event.kind === "stage" && event.steps) {
      this.put(this.part(document, "steps"), event.steps);
      this.walk(this.part(document, "way"), event.way);
    }
    if (!event.post) return;
    const shown = this.shown(event.post);
    if (shown) {
      this.change(shown, event);
    } else if (event.kind === "posted" || this.waiting.has(event.post)) {
      this.waiting.set(event.post, { ...this.waiting.get(event.post), ...event });
      this.settle();
    }
  }

  change(item, event) {
    if (event.head) this.put(this.part(item, "head"), event.head);
    if (event.head) this.put(this.part(item, "body"), event.body, event.state !== "shown");
    if (event.state) this.changeActs(item, event);
    this.react(item, event.counts);
  }

  changeActs(item, event) {
    const acts = this.part(item, "acts");
    const article = item.querySelector("article");
    const state = article.dataset.state;
    article.dataset.state = event.state;
    if (state === event.state) return;
    if (state === "shown") this.acts.set(item, [...acts.childNodes]);
    const held = acts.contains(document.activeElement);
    if (event.state !== "shown") acts.replaceChildren(...this.pattern(event));
    else acts.replaceChildren(...(this.acts.get(item) ?? this.pattern(event)));
    if (held) this.focusOn(item);
  }

  react(item, counts) {
    for (const [kind, count] of Object.entries(counts ?? {})) {
      for (const mark of item.querySelectorAll(`[data-reaction="${kind}"]`)) {
        mark.textContent = count ? `${mark.dataset.label} ${count}` : mark.dataset.label;
        if (mark.localName === "span") mark.hidden = !count;
      }
    }
  }

  /* Replaces what stands in a part, unless the reader's focus or selection is in it: then as soon as it has gone,
     or at once if it must not be seen any longer. */
  put(part, said, atOnce = false) {
    if (!part) return;
    const html = this.spoken(said);
    if (!atOnce && isBusy(part)) {
      this.putOff.set(part, html);
      return;
    }
    this.putOff.delete(part);
    const focused = part.contains(document.activeElement);
    part.replaceChildren(fragment(html));
    if (focused) this.focusOn(part.closest(".post") ?? part);
  }

  // Adds what the way of the issue does not show yet.
  walk(way, moments) {
    for (const moment of moments) {
      const item = fragment(this.spoken(moment)).firstElementChild;
      if (!way.querySelector(`[data-moment="${item.dataset.moment}"]`)) way.append(item);
    }
  }

  catchUp() {
    for (const [part, html] of this.putOff) {
      if (!isBusy(part)) this.keepingStill(() => this.put(part, html));
    }
  }

  // --- new posts ------------------------------------------------------------------------------------

  settle() {
    const mine = [...this.waiting.keys()].some((number) => this.own.has(number));
    if (this.isWholeEnd && (mine || (this.hasReadToTheEnd && !this.isWriting))) this.insert();
    this.offer.hidden = !this.waiting.size;
    const words = this.offer.dataset.offer.replace("{count}", this.waiting.size);
    if (this.waiting.size && this.offer.textContent !== words) this.offer.textContent = words;
  }

  accept() {
    const first = Math.min(...this.waiting.keys());
    if (!this.isWholeEnd) {
      location.assign(`${location.pathname}?after=${first - 1}#p${first}`);
      return;
    }
    this.keepingStill(() => {
      this.insert();
      this.settle();
    });
    const item = this.shown(first);
    this.focusOn(item);
    item.scrollIntoView({ block: "start" });
  }

  insert() {
    for (const [number, event] of [...this.waiting].sort(([one], [other]) => one - other)) {
      this.list.append(this.made(number, event));
      this.read = number;
    }
    this.waiting.clear();
    this.list.hidden = false;
    this.section.querySelector("[data-nothing-yet]")?.remove();
  }

  // So that "new from here" stands in the right place next time.
  remember() {
    const token = this.form?.elements.csrfmiddlewaretoken;
    if (!this.read || !token) return;
    const said = new FormData();
    said.set(token.name, token.value);
    said.set("number", this.read);
    navigator.sendBeacon(this.section.dataset.read, said);
    this.read = 0;
  }

  made(number, event) {
    const item = document.createElement("li");
    item.id = `p${number}`;
    item.className = event.answers ? "post post--reply" : "post";
    const article = document.createElement("article");
    article.className = "stack stack--close";
    article.dataset.state = event.state;
    for (const [name, content] of [
      ["head", [fragment(this.spoken(event.head))]],
      ["body", [fragment(this.spoken(event.body))]],
      ["acts", this.pattern(event)],
    ]) {
      const part = document.createElement("div");
      if (name === "head") part.className = "stack stack--close";
      part.dataset.part = name;
      part.append(...content);
      article.append(part);
    }
    item.append(article);
    this.react(item, event.counts);
    return item;
  }

  // The buttons that this reader has at such a post.
  pattern({ post, author, state }) {
    if (state === "withdrawn") return [];
    const mine = this.reader && String(author) === this.reader;
    const whose = state === "hidden" ? "hidden" : mine ? "mine" : "others";
    const pattern = this.section.querySelector(`template[data-acts="${whose}"]`);
    if (!pattern) return [];
    const copy = document.importNode(pattern.content, true);
    for (const name of ["action", "href"]) {
      for (const place of copy.querySelectorAll(`[${name}]`)) {
        place.setAttribute(name, place.getAttribute(name).replace("/posts/0/", `/posts/${post}/`));
      }
    }
    return [...copy.childNodes];
  }

  // --- what this reader does ------------------------------------------------------------------------

  async submit(event) {
    const form = event.target;
    const isReaction = form.querySelector("[data-reaction]") !== null;
    if (form !== this.form && !isReaction) return;
    event.preventDefault();
    const outcome = await send(form);
    if (!outcome.problem && !outcome.post) return;
    this.keepingStill(() => {
      this.show(outcome.problem ?? "", "unsent");
      if (outcome.problem) return;
      if (isReaction) press(form);
      else this.own.add(outcome.post);
      this.settle();
    });
  }

  // --- the line -------------------------------------------------------------------------------------

  count(readers) {
    const place = this.section.querySelector("[data-readers]");
    place.hidden = false;
    place.textContent = place.dataset.readers.replace("{count}", readers);
  }

  say(state, why) {
    this.section.dataset.line = state;
    if (state === "offline" || state === "polling") this.wasLost = true;
    const isBack = state === "live" && this.wasLost;
    if (state === "live") this.wasLost = false;
    this.show(isBack ? "back" : state === "ended" ? (why === "not-found" ? "withdrawn" : why) : state);
    clearTimeout(this.timer);
    if (isBack) this.timer = setTimeout(() => this.keepingStill(() => this.show("")), BACK_FOR);
  }

  /* One of the words on the line, or none. What could not be sent stands until it has been sent. */
  show(when, only = "") {
    for (const words of this.section.querySelectorAll("[data-when]")) {
      if (only && words.dataset.when !== only && words.dataset.when !== when) continue;
      if (!only && words.dataset.when === "unsent") continue;
      words.hidden = words.dataset.when !== when;
    }
  }

  // --- where the reader is --------------------------------------------------------------------------

  /* Does something to the page without moving what the reader looks at: what is typed in, else the first post in view. */
  keepingStill(act) {
    const anchor = this.anchor();
    const before = anchor?.getBoundingClientRect().top;
    act();
    if (!anchor?.isConnected) return;
    const moved = anchor.getBoundingClientRect().top - before;
    if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
  }

  anchor() {
    const focused = document.activeElement;
    if (this.section.contains(focused) && isInView(focused)) return focused;
    const items = [...this.list.children, ...(this.form ? [this.form] : [])];
    const inView = items.find(isInView);
    // Whoever is above the talk is not moved by it; whoever is below it is.
    return inView ?? (this.section.getBoundingClientRect().bottom < 0 ? document.querySelector("footer") : null);
  }

  get isWholeEnd() {
    return !this.section.querySelector("[data-later]");
  }

  get hasReadToTheEnd() {
    const last = this.list.lastElementChild ?? this.section.querySelector("[data-nothing-yet]");
    const { bottom } = last?.getBoundingClientRect() ?? { bottom: 0 };
    return bottom > 0 && bottom <= innerHeight + 1;
  }

  get isWriting() {
    const text = this.form?.elements.source;
    return Boolean(text && (text.value.trim() || this.form.contains(document.activeElement)));
  }

  shown(number) {
    return document.getElementById(`p${number}`);
  }

  part(place, name) {
    return place.querySelector(`[data-part="${name}"]`);
  }

  spoken(said) {
    return typeof said === "string" ? said : (said[this.language] ?? Object.values(said)[0]);
  }

  focusOn(element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
}

function press(form) {
  const button = form.querySelector("[data-reaction]");
  const wanted = form.elements.wanted.value === "1";
  mark(form, wanted);
  if (!wanted || button.dataset.reaction === "thanks") return;
  // Of the three stances a person has one.
  for (const other of form.closest(".post__acts").querySelectorAll("form:has([data-reaction])")) {
    if (other !== form && other.elements.kind.value !== "thanks") mark(other, false);
  }
}

function mark(form, pressed) {
  form.querySelector("[data-reaction]").setAttribute("aria-pressed", pressed);
  form.elements.wanted.value = pressed ? "0" : "1";
}

function isBusy(part) {
  const selection = getSelection();
  return (
    part.contains(document.activeElement) ||
    (!selection.isCollapsed && part.contains(selection.anchorNode))
  );
}

function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

const section = document.querySelector("#talk[data-live]");
if (section) new Talk(section).begin();
