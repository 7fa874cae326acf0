/* Similar issues while the title is being typed. Whatever has the focus keeps it; a slow or missing line is no harm. */

const PAUSE = 600;

export function showSimilar(box, title) {
  const list = box.querySelector("[data-similar-list]");
  let timer = 0;
  let shown = title.value.trim();
  let asking = null;

  async function ask() {
    const typed = title.value.trim();
    asking?.abort();
    asking = new AbortController();
    try {
      const query = new URLSearchParams({ title: typed });
      const answer = await fetch(`${box.dataset.address}?${query}`, {
        headers: { "X-Part": "similar" },
        signal: asking.signal,
      });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      const focused = document.activeElement?.getAttribute("formaction");
      if (list.innerHTML !== html) list.innerHTML = html;
      if (focused) list.querySelector(`[formaction="${focused}"]`)?.focus();
      shown = typed;
    } catch {
      // The next letter asks again.
    }
  }

  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => title.value.trim() !== shown && ask(), PAUSE);
  });

  list.addEventListener("click", async (event) => {
    const button = event.target.closest("button[formaction]");
    if (!button) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(button.form, button));
    try {
      await fetch(button.getAttribute("formaction"), { method: "POST", body, redirect: "manual" });
      await ask();
    } catch {
      button.form.requestSubmit(button);
    }
  });
}
