/* Follows a numbered stream of events: docs/live-protocol.md.

   import { follow } from "./live.js";
   follow(document.querySelector("[data-live]"), (event, seq) => …, (readers) => …, (state) => …);

   Every event comes once and in order, whatever the line does in between. This file changes nothing on the page but
   the element's own data-live-after: neither focus nor scrolling. */

const SECOND = 1000;
const FIRST_DELAY = 1 * SECOND;
const LONGEST_DELAY = 30 * SECOND;
const FAILURES_BEFORE_POLLING = 3;
// Polling goes on for so long, and twice as long each time, before a socket is tried again.
const FIRST_POLLING = 5 * SECOND;
const LONGEST_POLLING = 60 * SECOND;
const ANSWER_TO_PING = 5 * SECOND;

// Close codes after which coming back would be answered alike.
const ENDED = { 4401: "signed-out", 4403: "withdrawn", 4404: "not-found" };
const RELOAD = new Set([4400, 4409]);

/**
 * @param {Element|string} place an element with data-live="/live/<kind>/<key>/" and data-live-after="<seq>", or such an
 *   address with ?after=<seq>. Without a number one is told what happens from now on.
 * @param {(event: object, seq: number) => void} onEvent
 * @param {(readers: number) => void} onPresence how many read along.
 * @param {(state: string, why: string) => void} onState "connecting", "live", "polling" (a little late), "offline";
 *   "reload" (too much was missed: load the page) and "ended" ("signed-out", "withdrawn", "not-found") are final.
 * @returns {{close: () => void}}
 */
export function follow(place, onEvent, onPresence = () => {}, onState = () => {}) {
  const follower = new Follower(place, { onEvent, onPresence, onState });
  follower.begin();
  return { close: () => follower.close() };
}

class Follower {
  constructor(place, tell) {
    this.tell = tell;
    this.element = place instanceof Element ? place : null;
    this.address = new URL(this.element ? this.element.dataset.live : place, location.href);
    const after = this.element?.dataset.liveAfter ?? this.address.searchParams.get("after") ?? "";
    this.last = after === "" ? null : Number(after);
    this.state = "";
    this.failures = 0;
    this.pollingSince = 0;
    this.pollingFor = FIRST_POLLING;
    this.filled = null; // the number before which the server has shown that there is nothing more
    this.silence = 60 * SECOND;
    this.listening = new AbortController();
  }

  begin() {
    const options = { signal: this.listening.signal };
    addEventListener("online", () => this.hurry(), options);
    addEventListener("offline", () => this.say("offline"), options);
    addEventListener("pageshow", () => this.hurry(), options);
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry(), options);
    this.connect();
  }

  close() {
    this.listening.abort();
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    this.leave();
  }

  end(state, why = "") {
    this.close();
    this.say(state, why);
  }

  say(state, why = "") {
    if (state === this.state) return;
    this.state = state;
    this.call(this.tell.onState, state, why);
  }

  // A fault in the page's own code must not stop what follows.
  call(listener, ...words) {
    try {
      listener(...words);
    } catch (error) {
      reportError(error);
    }
  }

  // --- by socket ------------------------------------------------------------------------------------

  connect() {
    clearTimeout(this.timer);
    this.timer = null;
    this.leave();
    if (!this.state) this.say("connecting");
    const address = new URL(`/ws${this.address.pathname}`, this.address);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    if (this.last !== null) address.searchParams.set("after", this.last);
    const socket = new WebSocket(address);
    this.socket = socket;
    this.expectWords(15 * SECOND);
    // What an abandoned socket still says does not count.
    socket.addEventListener("message", ({ data }) => socket === this.socket && this.hear(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => socket === this.socket && this.lost(code));
  }

  leave() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  hear(frame) {
    if (frame.type === "reload") return this.end("reload");
    if (frame.type === "hello") this.silence = 2.2 * frame.heartbeat * SECOND;
    this.expectWords(this.silence);
    this.say("live");
    if (frame.type === "hello") {
      this.failures = 0;
      this.pollingSince = 0;
      this.pollingFor = FIRST_POLLING;
      this.last ??= frame.last;
      if (frame.readers !== null) this.call(this.tell.onPresence, frame.readers);
    } else if (frame.type === "event") {
      this.take(frame);
    } else if (frame.type === "presence") {
      this.call(this.tell.onPresence, frame.readers);
    }
  }

  take({ seq, event }) {
    if (this.last !== null && seq <= this.last) return;
    if (this.last !== null && seq > this.last + 1 && this.filled !== this.last) {
      // It cannot happen; if it does, the server is asked once for what is missing.
      this.filled = this.last;
      this.lost(0);
      return;
    }
    this.last = seq;
    if (this.element) this.element.dataset.liveAfter = seq;
    this.call(this.tell.onEvent, event, seq);
  }

  // No word for too long: the line is dead, even if nobody has said so.
  expectWords(within) {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lost(0), within);
  }

  lost(code) {
    clearTimeout(this.watchdog);
    this.leave();
    if (code in ENDED) return this.end("ended", ENDED[code]);
    if (RELOAD.has(code)) return this.end("reload");
    this.failures += 1;
    if (this.failures > 1 && this.state !== "polling") this.say("offline");
    else if (this.state === "live") this.say("connecting");
    this.waitThen(() => this.connectOrPoll(), this.isTired ? jittered(FIRST_DELAY) : undefined);
  }

  get isTired() {
    return this.failures >= FAILURES_BEFORE_POLLING;
  }

  connectOrPoll() {
    const polled = this.pollingSince ? Date.now() - this.pollingSince : 0;
    if (this.isTired && polled < this.pollingFor) {
      this.pollingSince ||= Date.now();
      this.poll();
      return;
    }
    if (polled) this.pollingFor = Math.min(LONGEST_POLLING, this.pollingFor * 2);
    this.pollingSince = 0;
    this.connect();
  }

  // --- by HTTP --------------------------------------------------------------------------------------

  async poll() {
    if (document.hidden) return; // nobody looks; visibilitychange goes on from here
    const address = new URL(this.address);
    address.search = this.last === null ? "" : `?after=${this.last}`;
    let answer;
    try {
      const response = await fetch(address, { signal: this.listening.signal, cache: "no-store" });
      if (response.status === 404) return this.end("ended", "not-found");
      if (response.status === 400) return this.end("reload");
      answer = await response.json();
    } catch {
      if (this.listening.signal.aborted) return;
      this.failures += 1;
      this.say("offline");
      this.waitThen(() => this.connectOrPoll());
      return;
    }
    if (this.listening.signal.aborted || this.socket) return;
    if (answer.reload) return this.end("reload");
    this.say("polling");
    this.last ??= answer.last;
    for (const frame of answer.events) {
      this.filled = this.last;
      this.take(frame);
    }
    this.failures = FAILURES_BEFORE_POLLING;
    this.waitThen(() => this.connectOrPoll(), answer.more ? 0 : jittered(answer.poll * SECOND));
  }

  // --- time -----------------------------------------------------------------------------------------

  waitThen(act, delay = jittered(Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (this.failures - 1)))) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, delay);
  }

  // The page is looked at again, or the network is back: do not wait any longer, but not all at the same moment.
  hurry() {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send('{"type":"ping"}');
      this.expectWords(ANSWER_TO_PING);
    } else if (!this.socket) {
      this.waitThen(() => this.connectOrPoll(), jittered(SECOND / 2));
    }
  }
}

// Half of it for certain, half by chance: a thousand clients that were cut off together do not return together.
function jittered(delay) {
  return delay * (0.5 + Math.random() / 2);
}
